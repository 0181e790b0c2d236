"""The distances between student and teacher."""

from dataclasses import replace

import pytest
import torch
from torch.nn.functional import normalize

from rag.training.attention import plain_attention
from rag.training.batches import Lesson
from rag.training.losses import distance
from rag.training.plans import LossWeights
from rag.training.teacher import TextBatch


@pytest.fixture
def states() -> torch.Tensor:
    return torch.randn(2, 4, 8, generator=torch.Generator().manual_seed(1))


def lesson(states: torch.Tensor, sign: float = 1.0) -> Lesson:
    """Return a lesson whose teacher says what `states` mean: a text of two rows, and one of one."""
    segments = torch.tensor([[-1, 0, 1, -1], [-1, 0, 0, -1]])
    mask = torch.ones(2, 4, dtype=torch.int64)
    whole = sign * normalize(states.mean(1), dim=-1)
    rows = torch.stack((normalize(states[0, 1:3], dim=-1), torch.zeros(2, 8)))
    has_row = torch.tensor([[True, True], [False, False]])
    bank = normalize(torch.randn(4, 8, generator=torch.Generator().manual_seed(2)), dim=-1)
    return Lesson(TextBatch(mask, mask, segments, 2), whole, rows, has_row, bank)


def test_nothing_is_lost_where_the_student_says_the_same(states: torch.Tensor) -> None:
    losses = distance(states, lesson(states), LossWeights())
    torch.testing.assert_close(losses.total, torch.tensor(0.0), atol=1e-5, rtol=0)


def test_the_opposite_is_at_distance_two(states: torch.Tensor) -> None:
    losses = distance(states, lesson(states, -1.0), LossWeights(rows=0, similarity=0))
    assert losses.total.item() == pytest.approx(2, abs=1e-5)
    assert losses.similarity.item() > 0


def test_the_same_text_among_the_others_is_left_out(states: torch.Tensor) -> None:
    alone = lesson(states, -1.0)
    doubled = replace(alone, bank=torch.cat((alone.bank, alone.whole)))
    without, with_double = (distance(states, part, LossWeights()).similarity for part in (alone, doubled))
    torch.testing.assert_close(without, with_double, atol=0, rtol=0.02)


def test_plain_attention_is_attention() -> None:
    draw = torch.Generator().manual_seed(1)
    query, key, value = (torch.randn(2, 3, 5, 4, generator=draw) for _ in range(3))
    mask = torch.zeros(2, 1, 1, 5)
    mask[0, ..., 3:] = -1e9
    wanted = torch.nn.functional.scaled_dot_product_attention(query, key, value, mask).transpose(1, 2)
    torch.testing.assert_close(plain_attention(torch.nn.Identity(), query, key, value, mask)[0], wanted)
