"""How far the student is from the teacher: three distances between its vectors and the teacher's."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax, normalize, softmax

from rag.training.batches import Lesson
from rag.training.plans import LossWeights
from rag.training.teacher import pool

SAME = 0.95
"""Texts whose vectors the teacher finds nearer than this are the same text, or one contains the other."""


@dataclass(frozen=True)
class Losses:
    """Mean over the batch of each term, as scalars with gradients; `total` is their weighted sum."""

    total: Tensor
    whole: Tensor
    rows: Tensor
    similarity: Tensor


def distance(states: Tensor, lesson: Lesson, weights: LossWeights) -> Losses:
    """Compare the token states of a batch, shape (b, t, d), with what the teacher says.

    `whole` is the cosine distance to the teacher's vector of the text (Reimers & Gurevych 2020), `rows`
    the same for each row of a longer text, `similarity` the divergence between the student's and the
    teacher's distributions over the teacher's vectors of other texts (as in Fang et al. 2021, "SEED").
    """
    whole, rows = pool(states, lesson.texts)
    whole = normalize(whole, dim=-1)
    whole_term = (1 - (whole * lesson.whole).sum(-1)).mean()
    row_distance = 1 - (normalize(rows, dim=-1) * lesson.rows).sum(-1)
    row_term = (row_distance * lesson.has_row).sum() / lesson.has_row.sum().clamp(min=1)
    bank = torch.cat((lesson.whole, lesson.bank))
    similarity_term = _divergence(whole @ bank.T, lesson.whole @ bank.T, weights.temperature)
    total = weights.whole * whole_term + weights.rows * row_term + weights.similarity * similarity_term
    return Losses(total, whole_term, row_term, similarity_term)


def _divergence(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """Return the mean Kullback-Leibler divergence of similarity rows, the text itself left out."""
    itself = torch.eye(*student.shape, dtype=torch.bool, device=student.device) | (teacher > SAME)
    student, teacher = (values.masked_fill(itself, -1.0) / temperature for values in (student, teacher))
    return kl_div(log_softmax(student, dim=-1), softmax(teacher, dim=-1), reduction="batchmean")
