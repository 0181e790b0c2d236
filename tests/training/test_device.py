"""Where arithmetic is done, as far as a machine without a GPU can show it."""

import pytest
import torch

from rag.training.batches import Lesson
from rag.training.device import arithmetic, best_device, moved
from rag.training.losses import distance
from rag.training.plans import LossWeights
from rag.training.teacher import TextBatch

META = torch.device("meta")


def test_the_gpu_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for is_there, name in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda is_there=is_there: is_there)
        assert best_device().type == name


def test_bf16_is_not_emulated(monkeypatch: pytest.MonkeyPatch) -> None:
    assert arithmetic(torch.device("cpu")) == torch.bfloat16
    for is_native, kind in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(
            torch.cuda,
            "is_bf16_supported",
            lambda including_emulation, is_native=is_native: is_native or including_emulation,
        )
        assert arithmetic(torch.device("cuda")) == kind


def test_all_of_a_lesson_goes_where_the_student_is() -> None:
    """A tensor that stayed behind on the processor would be refused by the arithmetic on another device."""
    ids = torch.ones(2, 4, dtype=torch.int64)
    texts = TextBatch(ids, ids, torch.tensor([[-1, 0, 1, -1], [-1, 0, 0, -1]]), 2)
    has_row = torch.tensor([[True, True], [False, False]])
    lesson = Lesson(texts, torch.ones(2, 8), torch.ones(2, 2, 8), has_row, torch.ones(4, 8)).to(META)
    states = torch.ones(2, 4, 8, device=META, requires_grad=True)
    losses = distance(states, lesson, LossWeights())
    losses.total.backward()
    assert {value.device for value in (*vars(losses).values(), states.grad)} == {META}


def test_a_copy_to_the_same_device_costs_nothing() -> None:
    here = torch.ones(2)
    assert moved(here, torch.device("cpu")) is here
