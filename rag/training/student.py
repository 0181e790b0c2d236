"""The untrained student: the teacher's body, and word vectors made from the teacher's own.

An English piece keeps its vector. A German piece gets the weighted mean of the vectors of the English
pieces it is aligned with, so that German text already lands near its translation before any training
step. What is a piece of both languages ("die", "war") lies between its two meanings, in proportion to its
counts.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from rag.training.alignment import Ids, Translations, model1, strongest, symmetric
from rag.training.tokens import TokenRows
from rag.training.vocabulary import CONTINUATION, SPECIAL_TOKENS, tokens_in_order

ALIGNED_TARGETS = 4
MAX_GERMAN_TOKENS = 60
MAX_TEACHER_TOKENS = 40
# An occurrence in English weighs this much more for a piece of both languages: the teacher's English is
# to be kept.
ENGLISH_FIRST = 3

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Alignments:
    """The teacher pieces behind each student piece, in text of either language, and its counts there.

    `german_count` and `english_count` have shape (student pieces,).
    """

    german: Translations
    english: Translations
    german_count: NDArray[np.int64]
    english_count: NDArray[np.int64]


def align(german: TokenRows, english: TokenRows, teacher: TokenRows, pieces: int) -> Alignments:
    """Align the student's pieces of both languages with the teacher's pieces of the English side."""
    fits = (german.lengths() <= MAX_GERMAN_TOKENS) & (teacher.lengths() <= MAX_TEACHER_TOKENS)
    german_rows, english_rows, teacher_rows = (_rows(tokens, fits) for tokens in (german, english, teacher))
    both = symmetric(model1(german_rows, teacher_rows), model1(teacher_rows, german_rows))
    return Alignments(
        german=strongest(both, ALIGNED_TARGETS),
        english=strongest(model1(english_rows, teacher_rows, iterations=4), ALIGNED_TARGETS),
        german_count=np.bincount(german.ids, minlength=pieces),
        english_count=np.bincount(english.ids, minlength=pieces),
    )


def initial_vectors(
    student: Tokenizer, teacher: Tokenizer, known: Vectors, alignments: Alignments
) -> Vectors:
    """Return a vector for each piece of the student.

    Args:
        known: the teacher's word vectors, shape (teacher pieces, d).
    """
    tokens = tokens_in_order(student)
    teacher_ids = teacher.get_vocab()
    german = _weighted_means(alignments.german, known, len(tokens))
    english = _weighted_means(alignments.english, known, len(tokens))
    vectors = np.empty((len(tokens), known.shape[1]), dtype=np.float32)
    for place, token in enumerate(tokens):
        german_count, english_count = (
            int(alignments.german_count[place]),
            int(alignments.english_count[place]),
        )
        in_english = english.get(place)
        if token in teacher_ids:
            in_english, english_count = known[teacher_ids[token]], ENGLISH_FIRST * english_count + 1
        in_german = german.get(place) if token not in SPECIAL_TOKENS else None
        mixed = _mix(in_german, in_english, german_count, english_count)
        vectors[place] = _cut_by_teacher(token, teacher, known) if mixed is None else mixed
    return vectors


def initial_student(teacher: BertModel, vectors: Vectors) -> BertModel:
    """Copy the teacher's body, give it the new word vectors, and no dropout."""
    settings = teacher.config.to_dict() | {
        "vocab_size": len(vectors),
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }
    student = BertModel(BertConfig(**settings), add_pooling_layer=False)
    body = {
        name: value.cpu() for name, value in teacher.state_dict().items() if not name.startswith("pooler.")
    }
    body["embeddings.word_embeddings.weight"] = torch.from_numpy(vectors)
    student.load_state_dict(body)
    return student


def _rows(tokens: TokenRows, chosen: NDArray[np.bool_]) -> list[Ids]:
    return [tokens.ids[tokens.offsets[row] : tokens.offsets[row + 1]] for row in np.flatnonzero(chosen)]


def _weighted_means(translations: Translations, known: Vectors, pieces: int) -> dict[int, Vectors]:
    sums = np.zeros((pieces, known.shape[1]), dtype=np.float32)
    np.add.at(
        sums,
        translations.source,
        known[translations.target] * translations.weight[:, None].astype(np.float32),
    )
    return {int(place): sums[place] for place in np.unique(translations.source)}


def _mix(
    german: Vectors | None, english: Vectors | None, german_count: int, english_count: int
) -> Vectors | None:
    """Weigh what the piece means in either language by how often it occurs there."""
    if german is None or english is None:
        return english if german is None else german
    share = german_count / (german_count + english_count)
    return np.asarray(share * german + (1 - share) * english, dtype=np.float32)


def _cut_by_teacher(token: str, teacher: Tokenizer, known: Vectors) -> Vectors:
    """Take the mean of the pieces the teacher would cut the token into, or the vector of an unknown piece."""
    ids = teacher.encode(token.removeprefix(CONTINUATION), add_special_tokens=False).ids
    places = np.array(ids or [teacher.get_vocab()["[UNK]"]], dtype=np.int64)
    return np.asarray(known[places].mean(axis=0), dtype=np.float32)
