"""What training needs, made once: tokenizer, tokens, runs, teacher vectors, the untrained student.

Each step leaves a whole file in the work folder and is skipped where that file is there already, so that a
preparation that was cut off goes on where it stopped. What all of them were made with is recorded first, and
other settings are refused.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel
from transformers.utils import CONFIG_NAME

from rag.errors import InputError, SettingsError
from rag.retrieve.embedding.hub import identity
from rag.training.batches import Course, flatten
from rag.training.corpus import Pair, RowChoice, drop_repeats, read_pairs
from rag.training.files import keep_to, written
from rag.training.plans import BatchPlan
from rag.training.runs import Run, RunPlan, plan_runs
from rag.training.student import align, initial_student, initial_vectors
from rag.training.teacher import OFFSETS, TeacherVectors, load_teacher, write_vectors
from rag.training.tokens import TokenRows, tokenize_rows
from rag.training.vocabulary import VocabularySize, build_tokenizer, to_json

log = logging.getLogger(__name__)

WEIGHTS = "weights.pt"
SIDES = ("german", "english", "teacher")


@dataclass(frozen=True)
class Preparation:
    """What a student is made from."""

    corpus: tuple[Path, ...]
    teacher: str
    rows: RowChoice = field(default_factory=RowChoice)
    vocabulary: VocabularySize = field(default_factory=VocabularySize)
    runs: RunPlan = field(default_factory=RunPlan)
    max_tokens: int = 256

    def settings(self) -> dict[str, Any]:
        """Return what all depends on; corpus and teacher are known by their content, not by their place."""
        several = len(self.corpus) > 1  # whose order matters, and whose names may be the same
        texts = {
            f"{number} {path.name}" if several else path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for number, path in enumerate(self.corpus, start=1)
        }
        return asdict(self) | {"corpus": texts, "teacher": identity(self.teacher)}


@dataclass(frozen=True)
class WorkFolder:
    """The files of one student in the making."""

    path: Path

    @property
    def preparation(self) -> Path:
        return self.path / "preparation.json"

    @property
    def tokenizer(self) -> Path:
        return self.path / "tokenizer.json"

    @property
    def student(self) -> Path:
        return self.path / "student"

    @property
    def trained(self) -> Path:
        return self.path / "trained"

    @property
    def training(self) -> Path:
        return self.path / "training.json"

    @property
    def checkpoint(self) -> Path:
        return self.path / "checkpoint.json"

    @property
    def teacher(self) -> Path:
        return self.path / "teacher"

    @property
    def runs(self) -> Path:
        return self.path / "runs.npy"

    def tokens(self, side: str) -> Path:
        return self.path / f"tokens-{side}.npz"


def prepare(preparation: Preparation, work: WorkFolder) -> None:
    """Fill the work folder.

    Raises:
        SettingsError: the folder was made with other settings, or the teacher has more pieces than the
            vocabulary has room for.
        InputError: the corpus cannot be read, or holds nothing to learn from.
        ModelError: the teacher cannot be loaded.
    """
    pairs = [pair for pair in drop_repeats(read_pairs(preparation.corpus)) if preparation.rows.keeps(pair)]
    log.info("%d rows", len(pairs))
    hint, begun = "give another --work folder, or the settings as before", work.tokenizer.exists()
    keep_to(work.preparation, preparation.settings(), begun=begun, hint=hint)
    teacher, teacher_tokenizer = load_teacher(preparation.teacher)
    tokenizer = _tokenizer(preparation, work, teacher_tokenizer)
    _tokens(pairs, tokenizer, teacher_tokenizer, work)
    runs = _runs(pairs, preparation, work)
    if not is_saved(work.student):
        vectors = _initial_vectors(teacher, teacher_tokenizer, tokenizer, work)
        save_student(initial_student(teacher, vectors), work.student)
    if not (work.teacher / OFFSETS).exists():
        write_vectors(
            teacher, TokenRows.load(work.tokens("teacher")), runs, work.teacher, preparation.max_tokens
        )


def open_course(work: WorkFolder) -> Course:
    """Open what `prepare` left.

    Raises:
        SettingsError: the folder has not been prepared to the end.
    """
    if not (is_saved(work.student) and (work.teacher / OFFSETS).exists()):
        raise _unprepared(work)
    return Course(
        TokenRows.load(work.tokens("german")),
        TokenRows.load(work.tokens("english")),
        [Run(int(first), int(count)) for first, count in np.load(work.runs)],
        TeacherVectors.open(work.teacher),
    )


def _unprepared(work: WorkFolder) -> SettingsError:
    return SettingsError(f"{work.path} is not prepared", hint="run prepare, to its end")


def sample_texts(work: WorkFolder, count: int = 500, seed: int = 0) -> list[list[int]]:
    """Return the ids of as many texts of each language as `count` says, drawn from those to learn from."""
    runs = [Run(int(first), int(number)) for first, number in np.load(work.runs)]
    drawn = np.random.default_rng(seed).permutation(len(runs))[:count]
    sides = [TokenRows.load(work.tokens(side)) for side in ("german", "english")]
    return [side.run_ids(runs[place], BatchPlan.max_tokens).tolist() for side in sides for place in drawn]


def save_student(student: BertModel, folder: Path) -> None:
    """Write configuration and weights; the weights last: where they are, all is."""
    with written(folder / CONFIG_NAME) as file:
        file.write(student.config.to_json_string().encode())
    with written(folder / WEIGHTS) as file:
        torch.save(student.state_dict(), file)


def is_saved(folder: Path) -> bool:
    """Say whether the folder holds a student as a whole."""
    return (folder / WEIGHTS).exists()


def load_student(folder: Path) -> BertModel:
    """Load what `save_student` wrote."""
    student = BertModel(BertConfig.from_pretrained(folder), add_pooling_layer=False)
    student.load_state_dict(torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True))
    return student.eval()


def finished_student(work: WorkFolder) -> BertModel:
    """Load the trained student, or the untrained one where no training was begun.

    Raises:
        SettingsError: nothing was prepared, or a training was begun and has not come to its end.
    """
    if not is_saved(work.student):
        raise _unprepared(work)
    if work.training.exists() and not is_saved(work.trained):
        raise SettingsError(f"the training in {work.path} has not ended", hint="run train again, as before")
    return load_student(work.trained if is_saved(work.trained) else work.student)


def mix(work: WorkFolder, to: WorkFolder, share: float) -> None:
    """Make a second work folder on the same preparation, whose student is a mean of the first one's.

    The straight line between the weights before and after training holds students that keep more of the
    teacher's generality than the trained one (Wortsman et al. 2022, "Robust fine-tuning").

    Args:
        share: weight of the trained student, the rest is the untrained one's.

    Raises:
        SettingsError: `work` has not been trained, or `to` holds a student already.
    """
    if not is_saved(work.trained):
        raise SettingsError(f"{work.path} holds no trained student", hint="run train, to its end")
    if is_saved(to.student):
        raise SettingsError(f"{to.path} holds a student already", hint="give another --to folder")
    mixed = load_student(work.trained)
    before = load_student(work.student).state_dict()
    weights = {
        name: share * after + (1 - share) * before[name]
        for name, after in mixed.state_dict().items()
        if after.is_floating_point()
    }
    mixed.load_state_dict(weights, strict=False)
    to.path.mkdir(parents=True, exist_ok=True)
    shared = (work.preparation, work.tokenizer, work.runs, work.teacher, *map(work.tokens, SIDES))
    for path in shared:
        _link(to.path / path.name, path.resolve())
    save_student(mixed, to.student)


def _link(place: Path, target: Path) -> None:
    """Make a link, if it does not stand there from a call that was cut off."""
    if not (place.is_symlink() and place.resolve() == target):
        place.symlink_to(target)


def _tokenizer(preparation: Preparation, work: WorkFolder, teacher: Tokenizer) -> Tokenizer:
    """Learn the vocabulary from every row, short ones too."""
    if not work.tokenizer.exists():
        pairs = read_pairs(preparation.corpus)
        german, english = (
            list(dict.fromkeys(texts)) for texts in zip(*((p.german, p.english) for p in pairs), strict=True)
        )
        tokenizer = build_tokenizer(teacher, german, english, preparation.vocabulary)
        with written(work.tokenizer) as file:
            file.write(to_json(tokenizer).encode())
    return Tokenizer.from_file(str(work.tokenizer))


def _tokens(pairs: Sequence[Pair], tokenizer: Tokenizer, teacher: Tokenizer, work: WorkFolder) -> None:
    german, english = [pair.german for pair in pairs], [pair.english for pair in pairs]
    sides = {"german": (tokenizer, german), "english": (tokenizer, english), "teacher": (teacher, english)}
    for side, (cutter, texts) in sides.items():
        if not work.tokens(side).exists():
            tokenize_rows(cutter, texts).save(work.tokens(side))


def _runs(pairs: Sequence[Pair], preparation: Preparation, work: WorkFolder) -> list[Run]:
    sides = [TokenRows.load(work.tokens(side)).lengths() for side in SIDES]
    kinds = plan_runs(pairs, np.max(sides, axis=0), preparation.rows, preparation.runs)
    log.info("texts: %s", {kind: len(runs) for kind, runs in kinds.items()})
    runs = flatten(kinds)
    if not runs:
        raise InputError(
            f"there is no text to learn from in {len(pairs)} rows",
            hint=f"give sentences of {preparation.rows.min_words} words and more",
        )
    with written(work.runs) as file:
        np.save(file, np.array([(run.first, run.count) for run in runs], dtype=np.int64))
    return runs


def _initial_vectors(
    teacher: BertModel, teacher_tokenizer: Tokenizer, tokenizer: Tokenizer, work: WorkFolder
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    german, english, target = (TokenRows.load(work.tokens(side)) for side in SIDES)
    alignments = align(german, english, target, tokenizer.get_vocab_size())
    known = teacher.get_input_embeddings().weight.detach().float().cpu().numpy()
    return initial_vectors(tokenizer, teacher_tokenizer, known, alignments)
