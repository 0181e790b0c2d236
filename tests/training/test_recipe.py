"""The recipe from end to end, on a toy corpus with a tiny teacher."""

import json
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from typer.testing import CliRunner

from rag.retrieve.embedding import OnnxEmbedder, SentenceTransformerEmbedder
from rag.training.__main__ import app
from rag.training.batches import BatchPlan
from rag.training.launch import train
from rag.training.prepare import Preparation, WorkFolder, load_student, prepare
from rag.training.retrieval import read_sets
from rag.training.runs import RunPlan
from rag.training.teacher import encode_texts, load_teacher
from rag.training.train import TrainingPlan
from rag.training.vocabulary import VocabularySize

from .conftest import WIDTH, Toy

PLAN = TrainingPlan(
    steps=8,
    synchronise_every=2,
    examine_every=4,
    bank_size=8,
    checkpoint_minutes=0,
    batches=BatchPlan(tokens_per_batch=256),
)


@pytest.fixture(scope="session")
def prepared(toy: Toy, tmp_path_factory: pytest.TempPathFactory) -> WorkFolder:
    work = WorkFolder(tmp_path_factory.mktemp("work"))
    sizes = {"vocabulary": VocabularySize(pieces=140, min_frequency=1), "runs": RunPlan(max_tokens=60)}
    prepare(Preparation((toy.corpus,), str(toy.teacher), **sizes), work)
    return work


def copy(work: WorkFolder, to: Path) -> WorkFolder:
    """Return a work folder of its own with the same preparation."""
    to.mkdir()
    for path in work.path.iterdir():
        (to / path.name).symlink_to(path)
    return WorkFolder(to)


def weights(work: WorkFolder) -> dict[str, torch.Tensor]:
    return load_student(work.trained).state_dict()


@pytest.fixture(scope="session")
def finished(prepared: WorkFolder, toy: Toy, tmp_path_factory: pytest.TempPathFactory) -> WorkFolder:
    work = copy(prepared, tmp_path_factory.mktemp("finished") / "work")
    train(work, PLAN, sets=toy.sets)
    return work


def test_training_brings_german_nearer_to_the_teacher(
    finished: WorkFolder, prepared: WorkFolder, toy: Toy
) -> None:
    rows = [line.split("\t") for line in toy.corpus.read_text(encoding="utf-8").splitlines()]
    teacher, teacher_tokenizer = load_teacher(str(toy.teacher))
    wanted = encode_texts(teacher, teacher_tokenizer, [english for _, english, _ in rows])
    tokenizer = Tokenizer.from_file(str(prepared.tokenizer))

    def cosine(folder: Path) -> float:
        vectors = encode_texts(load_student(folder), tokenizer, [german for german, _, _ in rows])
        return float((vectors * wanted).sum(axis=1).mean())

    assert cosine(finished.trained) > cosine(prepared.student)


def test_training_is_examined_on_the_way(finished: WorkFolder) -> None:
    lines = [json.loads(line) for line in (finished.path / "log.jsonl").read_text().splitlines()]
    examined = [line["examined"] for line in lines if "examined" in line]
    assert {"de-on-de", "en-on-en"} == set(examined[0])


def test_interrupted_training_ends_with_the_same_weights(
    finished: WorkFolder, prepared: WorkFolder, tmp_path: Path
) -> None:
    work = copy(prepared, tmp_path / "work")
    train(work, replace(PLAN, stop_after=4))
    train(work, PLAN)
    for name, value in weights(finished).items():
        torch.testing.assert_close(weights(work)[name], value, rtol=0, atol=0, msg=name)


def test_two_processes_train_one_student(prepared: WorkFolder, tmp_path: Path) -> None:
    work = copy(prepared, tmp_path / "work")
    train(work, replace(PLAN, steps=2, processes=2))
    both = [torch.load(work.path / f"checkpoint-{rank}.pt", weights_only=True)["student"] for rank in (0, 1)]
    for name, value in weights(work).items():
        torch.testing.assert_close(both[0][name], value, rtol=0, atol=0)
        torch.testing.assert_close(both[1][name], value, rtol=0, atol=0)


def test_the_exported_folder_loads_in_both_forms(finished: WorkFolder, toy: Toy, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", "--work", str(finished.path), "--to", str(tmp_path)])
    assert done.exit_code == 0, done.output
    texts = ["der hund sieht die katze und zug.", "the dog", *read_sets(toy.sets)[0].articles]
    full = SentenceTransformerEmbedder(str(tmp_path)).encode(texts)
    small = OnnxEmbedder(tmp_path).encode(texts)
    assert full.shape == small.shape == (len(texts), WIDTH)
    np.testing.assert_allclose((full * small).sum(1), 1, atol=0.05)


def test_a_mean_of_two_students_starts_a_second_training(finished: WorkFolder, tmp_path: Path) -> None:
    arguments = ["mix", "--work", str(finished.path), "--to", str(tmp_path / "second"), "--share", "0.25"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    second = WorkFolder(tmp_path / "second")
    before, after = (load_student(folder).state_dict() for folder in (finished.student, finished.trained))
    for name, value in load_student(second.student).state_dict().items():
        torch.testing.assert_close(value, 0.25 * after[name] + 0.75 * before[name])
    train(second, replace(PLAN, steps=2))
    assert second.trained.exists()


def test_prepare_does_again_only_what_is_missing(prepared: WorkFolder, toy: Toy) -> None:
    before = prepared.tokenizer.stat().st_mtime_ns, (prepared.teacher / "whole.npy").stat().st_mtime_ns
    sizes = {"vocabulary": VocabularySize(pieces=140, min_frequency=1), "runs": RunPlan(max_tokens=60)}
    prepare(Preparation((toy.corpus,), str(toy.teacher), **sizes), prepared)
    after = prepared.tokenizer.stat().st_mtime_ns, (prepared.teacher / "whole.npy").stat().st_mtime_ns
    assert before == after


def test_the_lexicon_translates_both_ways(toy: Toy, tmp_path: Path) -> None:
    path = tmp_path / "lexicon.tsv.xz"
    done = CliRunner().invoke(app, ["lexicon", str(toy.corpus), "--to", str(path)])
    assert done.exit_code == 0, done.output
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        entries = [line.rstrip("\n").split("\t") for line in lines]
    best = {(language, term): translation for language, term, translation, _ in reversed(entries)}
    assert best["de", "hund"] == "dog"
    assert best["en", "river"] == "fluss"
    assert sum(float(entry[3]) for entry in entries if entry[:2] == ["de", "hund"]) == pytest.approx(
        1, abs=0.02
    )
