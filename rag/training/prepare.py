"""What training needs, made once: tokenizer, tokens, runs, teacher vectors, the untrained student.

Each step leaves a file in the work folder and is skipped where that file is there already, so that a
preparation that was cut off goes on where it stopped.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from rag.training.batches import BatchPlan, Course, flatten
from rag.training.corpus import Pair, RowChoice, drop_repeats, read_pairs
from rag.training.runs import Run, RunPlan, plan_runs
from rag.training.student import align, initial_student, initial_vectors
from rag.training.teacher import TeacherVectors, load_teacher, write_vectors
from rag.training.tokens import TokenRows, tokenize_rows
from rag.training.vocabulary import VocabularySize, build_tokenizer, to_json

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preparation:
    """What a student is made from."""

    corpus: tuple[Path, ...]
    teacher: str
    rows: RowChoice = field(default_factory=RowChoice)
    vocabulary: VocabularySize = field(default_factory=VocabularySize)
    runs: RunPlan = field(default_factory=RunPlan)
    max_tokens: int = 256


@dataclass(frozen=True)
class WorkFolder:
    """The files of one student in the making."""

    path: Path

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
        ValueError: the corpus is empty or malformed, or the teacher has more pieces than the vocabulary
        has room for.
        OSError: the teacher cannot be loaded.
    """
    work.path.mkdir(parents=True, exist_ok=True)
    pairs = [pair for pair in drop_repeats(read_pairs(preparation.corpus)) if preparation.rows.keeps(pair)]
    log.info("%d rows", len(pairs))
    teacher, teacher_tokenizer = load_teacher(preparation.teacher)
    tokenizer = _tokenizer(preparation, work, teacher_tokenizer)
    _tokens(pairs, tokenizer, teacher_tokenizer, work)
    runs = _runs(pairs, preparation, work)
    if not work.student.exists():
        vectors = _initial_vectors(teacher, teacher_tokenizer, tokenizer, work)
        save_student(initial_student(teacher, vectors), work.student)
    if not (work.teacher / "row_offsets.npy").exists():
        write_vectors(
            teacher, TokenRows.load(work.tokens("teacher")), runs, work.teacher, preparation.max_tokens
        )


def open_course(work: WorkFolder) -> Course:
    """Open what `prepare` left.

    Raises:
        FileNotFoundError: the folder has not been prepared.
    """
    return Course(
        TokenRows.load(work.tokens("german")),
        TokenRows.load(work.tokens("english")),
        [Run(int(first), int(count)) for first, count in np.load(work.runs)],
        TeacherVectors.open(work.teacher),
    )


def sample_texts(work: WorkFolder, count: int = 500, seed: int = 0) -> list[list[int]]:
    """Return the ids of as many texts of each language as `count` says, drawn from those to learn from."""
    runs = [Run(int(first), int(number)) for first, number in np.load(work.runs)]
    drawn = np.random.default_rng(seed).permutation(len(runs))[:count]
    sides = [TokenRows.load(work.tokens(side)) for side in ("german", "english")]
    return [side.run_ids(runs[place], BatchPlan.max_tokens).tolist() for side in sides for place in drawn]


def save_student(student: BertModel, folder: Path) -> None:
    """Write configuration and weights; the weights last, in one move."""
    folder.mkdir(parents=True, exist_ok=True)
    student.config.save_pretrained(folder)
    torch.save(student.state_dict(), folder / "weights.new")
    (folder / "weights.new").replace(folder / "weights.pt")


def load_student(folder: Path) -> BertModel:
    """Load what `save_student` wrote."""
    student = BertModel(BertConfig.from_pretrained(folder), add_pooling_layer=False)
    student.load_state_dict(torch.load(folder / "weights.pt", map_location="cpu", weights_only=True))
    return student.eval()


def mix(work: WorkFolder, to: WorkFolder, share: float) -> None:
    """Make a second work folder on the same preparation, whose student is a mean of the first one's.

    The straight line between the weights before and after training holds students that keep more of the
    teacher's generality than the trained one (Wortsman et al. 2022, "Robust fine-tuning").

    Args:
        share: weight of the trained student, the rest is the untrained one's.

    Raises:
        FileNotFoundError: `work` has not been trained.
    """
    mixed = load_student(work.trained)
    before = load_student(work.student).state_dict()
    weights = {
        name: share * after + (1 - share) * before[name]
        for name, after in mixed.state_dict().items()
        if after.is_floating_point()
    }
    mixed.load_state_dict(weights, strict=False)
    to.path.mkdir(parents=True)
    shared = (work.tokenizer, work.runs, work.teacher, *map(work.tokens, ("german", "english", "teacher")))
    for path in shared:
        (to.path / path.name).symlink_to(path.resolve())
    save_student(mixed, to.student)


def _tokenizer(preparation: Preparation, work: WorkFolder, teacher: Tokenizer) -> Tokenizer:
    """Learn the vocabulary from every row, short ones too."""
    if not work.tokenizer.exists():
        pairs = read_pairs(preparation.corpus)
        german, english = (
            list(dict.fromkeys(texts)) for texts in zip(*((p.german, p.english) for p in pairs), strict=True)
        )
        tokenizer = build_tokenizer(teacher, german, english, preparation.vocabulary)
        work.tokenizer.write_text(to_json(tokenizer), encoding="utf-8")
    return Tokenizer.from_file(str(work.tokenizer))


def _tokens(pairs: Sequence[Pair], tokenizer: Tokenizer, teacher: Tokenizer, work: WorkFolder) -> None:
    german, english = [pair.german for pair in pairs], [pair.english for pair in pairs]
    sides = {"german": (tokenizer, german), "english": (tokenizer, english), "teacher": (teacher, english)}
    for side, (cutter, texts) in sides.items():
        if not work.tokens(side).exists():
            tokenize_rows(cutter, texts).save(work.tokens(side))


def _runs(pairs: Sequence[Pair], preparation: Preparation, work: WorkFolder) -> list[Run]:
    sides = [TokenRows.load(work.tokens(side)).lengths() for side in ("german", "english", "teacher")]
    kinds = plan_runs(pairs, np.max(sides, axis=0), preparation.rows, preparation.runs)
    log.info("texts: %s", {kind: len(runs) for kind, runs in kinds.items()})
    runs = flatten(kinds)
    np.save(work.runs, np.array([(run.first, run.count) for run in runs], dtype=np.int64))
    return runs


def _initial_vectors(
    teacher: BertModel, teacher_tokenizer: Tokenizer, tokenizer: Tokenizer, work: WorkFolder
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    german, english, target = (TokenRows.load(work.tokens(side)) for side in ("german", "english", "teacher"))
    alignments = align(german, english, target, tokenizer.get_vocab_size())
    known = teacher.get_input_embeddings().weight.detach().float().cpu().numpy()
    return initial_vectors(tokenizer, teacher_tokenizer, known, alignments)
