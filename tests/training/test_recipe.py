"""The recipe from end to end, on a toy corpus with a tiny teacher."""

import json
import lzma
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from tokenizers import Tokenizer
from typer.testing import CliRunner

from rag.errors import InputError, ModelError, SettingsError
from rag.retrieve.embedding.bundled import OnnxEmbedder
from rag.retrieve.embedding.transformer import SentenceTransformerEmbedder
from rag.training.__main__ import app
from rag.training.corpus import RowChoice
from rag.training.launch import train
from rag.training.plans import BatchPlan, TrainingPlan
from rag.training.prepare import Preparation, WorkFolder, finished_student, load_student, prepare
from rag.training.retrieval import read_sets
from rag.training.runs import RunPlan
from rag.training.teacher import encode_texts, load_teacher
from rag.training.vocabulary import VocabularySize

from .conftest import WIDTH, Toy

PLAN = TrainingPlan(
    steps=8,
    synchronise_every=2,
    examine_every=4,
    checkpoint_minutes=0,
    batches=BatchPlan(tokens_per_batch=256, bank_size=8),
)

SIZES = {"vocabulary": VocabularySize(pieces=140, min_frequency=1), "runs": RunPlan(max_tokens=60)}


@pytest.fixture(scope="session")
def prepared(toy: Toy, tmp_path_factory: pytest.TempPathFactory) -> WorkFolder:
    work = WorkFolder(tmp_path_factory.mktemp("work"))
    prepare(Preparation((toy.corpus,), str(toy.teacher), **SIZES), work)
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


def test_two_processes_train_one_student(prepared: WorkFolder, tmp_path: Path) -> None:
    work = copy(prepared, tmp_path / "work")
    train(work, replace(PLAN, steps=2, processes=2))
    parts = [work.path / "checkpoints" / "2" / f"process-{rank}.pt" for rank in (0, 1)]
    both = [torch.load(part, weights_only=True)["student"] for part in parts]
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
    operators = {node.op_type for node in onnx.load(tmp_path / "onnx" / "model_int8.onnx").graph.node}
    assert "MultiHeadAttention" in operators
    assert not operators & {"Softmax", "SkipLayerNormalization"}


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


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        (
            {"vocabulary": VocabularySize(pieces=150, min_frequency=1)},
            "vocabulary.pieces was 140 and is now 150",
        ),
        ({"runs": RunPlan(max_tokens=60, seed=1)}, "runs.seed was 0 and is now 1"),
        ({"rows": RowChoice(unordered=("cards",))}, "rows.unordered was [] and is now ['cards']"),
    ],
)
def test_a_folder_is_not_prepared_with_other_settings(
    prepared: WorkFolder, toy: Toy, changed: dict[str, object], difference: str
) -> None:
    preparation = replace(Preparation((toy.corpus,), str(toy.teacher), **SIZES), **changed)
    with pytest.raises(SettingsError, match=re.escape(f"was made with other settings: {difference}")):
        prepare(preparation, prepared)


def test_another_text_is_told_even_by_the_same_name(prepared: WorkFolder, toy: Toy, tmp_path: Path) -> None:
    longer = tmp_path / toy.corpus.name
    longer.write_text(toy.corpus.read_text(encoding="utf-8") + "der hund\tthe dog\tnews\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"corpus\.pairs\.tsv was '\w+' and is now '\w+'"):
        prepare(Preparation((longer,), str(toy.teacher), **SIZES), prepared)


def test_each_of_several_texts_is_told_in_its_order(toy: Toy, tmp_path: Path) -> None:
    """Know two texts by one name, and which of them comes first: the rows are counted in that order."""
    rows = toy.corpus.read_text(encoding="utf-8").splitlines(keepends=True)
    texts = [tmp_path / place / "pairs.tsv" for place in "ab"]
    for path, some in zip(texts, (rows[:90], rows[90:]), strict=True):
        path.parent.mkdir()
        path.write_text("".join(some), encoding="utf-8")
    work = WorkFolder(tmp_path / "work")
    prepare(Preparation((texts[0], texts[1]), str(toy.teacher), **SIZES), work)
    before = work.runs.read_bytes()
    with pytest.raises(SettingsError, match=r"corpus\.1 pairs\.tsv was"):
        prepare(Preparation((texts[1], texts[0]), str(toy.teacher), **SIZES), work)
    texts[0].write_text("".join(rows[:60]), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"corpus\.1 pairs\.tsv was"):
        prepare(Preparation((texts[0], texts[1]), str(toy.teacher), **SIZES), work)
    assert work.runs.read_bytes() == before


def test_what_made_nothing_does_not_bind(toy: Toy, tmp_path: Path) -> None:
    """Take other settings where the first ones ended before anything was made."""
    work, small = WorkFolder(tmp_path / "work"), SIZES | {"vocabulary": VocabularySize(pieces=10)}
    bad = tmp_path / "bad.tsv"
    bad.write_text(toy.corpus.read_text(encoding="utf-8") + "nur eine\n", encoding="utf-8")
    for preparation, error in (
        (Preparation((bad,), str(toy.teacher), **SIZES), InputError),
        (Preparation((toy.corpus,), str(tmp_path / "weg"), **SIZES), ModelError),
        (Preparation((toy.corpus,), str(toy.teacher), **small), SettingsError),
    ):
        with pytest.raises(error):
            prepare(preparation, work)
    prepare(Preparation((toy.corpus,), str(toy.teacher), **SIZES), work)


def test_rows_that_are_all_too_short_are_refused(toy: Toy, tmp_path: Path) -> None:
    (tmp_path / "short.tsv").write_text("Guten Tag\tGood day\tcards\n", encoding="utf-8")
    with pytest.raises(InputError, match="no text to learn from in 1 rows"):
        prepare(Preparation((tmp_path / "short.tsv",), str(toy.teacher), **SIZES), WorkFolder(tmp_path / "w"))
    with pytest.raises(InputError, match="no term to translate in 1 rows"):
        arguments = ["lexicon", str(tmp_path / "short.tsv"), "--to", str(tmp_path / "lexicon.tsv.xz")]
        CliRunner().invoke(app, arguments, catch_exceptions=False)


@pytest.mark.parametrize(
    "option",
    [("--steps", "0"), ("--steps", "-1"), ("--minutes", "0"), ("--processes", "0"), ("--threads", "0"),
     ("--synchronise-every", "0"), ("--tokens", "0"), ("--english", "2"), ("--neighbours", "-1")],
)  # fmt: skip
def test_a_plan_that_has_no_end_is_a_usage_error(tmp_path: Path, option: tuple[str, str]) -> None:
    assert CliRunner().invoke(app, ["train", "--work", str(tmp_path), *option]).exit_code == 2


def test_a_training_begun_anew_forgets_the_one_before(prepared: WorkFolder, tmp_path: Path) -> None:
    """Export nothing of the old training while the new one has not ended."""
    work = copy(prepared, tmp_path / "work")
    train(work, replace(PLAN, steps=1))
    for path in (work.training, work.checkpoint):
        path.unlink()
    with pytest.raises(RuntimeError):  # as if it were stopped at its first step
        train(work, replace(PLAN, steps=2, threads=0))
    with pytest.raises(SettingsError, match="has not ended"):
        finished_student(work)


def test_the_place_of_the_text_does_not_matter(prepared: WorkFolder, toy: Toy, tmp_path: Path) -> None:
    moved = shutil.copy(toy.corpus, tmp_path)
    prepare(Preparation((Path(moved),), str(toy.teacher), **SIZES), prepared)


@pytest.mark.parametrize(
    ("option", "difference"),
    [
        (["--seed", "3"], "batches.seed was 0 and is now 3"),
        (["--processes", "2"], "processes was 1 and is now 2"),
        (["--similarity", "0.1"], "losses.similarity was 0.3 and is now 0.1"),
    ],
)
def test_training_does_not_go_on_by_another_plan(
    prepared: WorkFolder, tmp_path: Path, option: list[str], difference: str
) -> None:
    work = copy(prepared, tmp_path / "work")
    start = ["train", "--work", str(work.path), "--steps", "1", "--tokens", "256"]
    assert CliRunner().invoke(app, start).exit_code == 0
    before = work.training.read_bytes()
    with pytest.raises(SettingsError, match=re.escape(difference)):
        CliRunner().invoke(app, [*start, *option], catch_exceptions=False)
    assert work.training.read_bytes() == before


def test_an_unfinished_training_is_neither_exported_nor_mixed(prepared: WorkFolder, tmp_path: Path) -> None:
    work = copy(prepared, tmp_path / "work")
    work.training.write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="is not prepared"):
        arguments = ["export", "--work", str(tmp_path / "weg"), "--to", str(tmp_path / "export")]
        CliRunner().invoke(app, arguments, catch_exceptions=False)
    for command in ("export", "mix"):
        arguments = [command, "--work", str(work.path), "--to", str(tmp_path / command)]
        with pytest.raises(SettingsError, match=r"has not ended|no trained student"):
            CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert not (tmp_path / command).exists()


def test_training_waits_for_the_end_of_the_preparation(prepared: WorkFolder, tmp_path: Path) -> None:
    work = copy(prepared, tmp_path / "work")
    work.student.unlink()
    work.student.mkdir()
    with pytest.raises(SettingsError, match="is not prepared"):
        train(work, PLAN)
    assert not work.training.exists()


def test_training_takes_exactly_as_many_steps_as_it_is_told(prepared: WorkFolder, tmp_path: Path) -> None:
    work = copy(prepared, tmp_path / "work")
    train(work, replace(PLAN, steps=3))
    last = json.loads((work.path / "log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["step"], last["share"]) == (3, 1.0)


def test_prepare_does_again_only_what_is_missing(prepared: WorkFolder, toy: Toy) -> None:
    before = prepared.tokenizer.stat().st_mtime_ns, (prepared.teacher / "whole.npy").stat().st_mtime_ns
    prepare(Preparation((toy.corpus,), str(toy.teacher), **SIZES), prepared)
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
