"""Rows, runs and batches: what the student reads."""

import numpy as np
import torch
from tokenizers import Tokenizer

from rag.training.batches import Course, LessonStream
from rag.training.corpus import Pair, RowChoice
from rag.training.plans import BatchPlan
from rag.training.runs import Run, RunPlan, plan_runs
from rag.training.teacher import TeacherVectors, pool, read_batch
from rag.training.tokens import TokenRows, tokenize_rows

CHOICE = RowChoice(unordered=("cards",), min_words=1, min_words_unordered=1)


def pairs(*sources: str) -> list[Pair]:
    return [Pair(f"satz {number}", f"sentence {number}", source) for number, source in enumerate(sources)]


def test_runs_end_with_the_source_and_at_the_length_limit() -> None:
    rows = pairs("a", "a", "a", "b", "b", "cards", "cards")
    runs = plan_runs(rows, np.full(7, 10), CHOICE, RunPlan(max_tokens=20))
    assert runs["passage"] == [Run(0, 2), Run(3, 2)]
    assert runs["single"] == [Run(row, 1) for row in range(7)]


def test_runs_know_their_tokens_and_which_row_each_is_of(tokenizer: Tokenizer) -> None:
    rows = tokenize_rows(tokenizer, ["a b", "c", "a"])
    run = Run(0, 2)
    assert rows.run_ids(run, 16).tolist() == [2, 5, 6, 7, 3]
    assert rows.run_segments(run, 16).tolist() == [-1, 0, 0, 1, -1]
    assert rows.run_ids(run, 4).tolist() == [2, 5, 6, 3]
    assert rows.run_lengths([run, Run(2, 1)], 4).tolist() == [4, 3]


def test_texts_and_their_rows_are_pooled_without_padding(tokenizer: Tokenizer) -> None:
    rows = tokenize_rows(tokenizer, ["a b", "c", "a"])
    batch = read_batch(rows, [Run(0, 2), Run(2, 1)], 16)
    whole, parts = pool(batch.ids.float().unsqueeze(-1), batch)
    torch.testing.assert_close(whole.squeeze(-1), torch.tensor([23 / 5, 10 / 3]))
    torch.testing.assert_close(parts.squeeze(-1), torch.tensor([[5.5, 7.0], [5.0, 0.0]]))


def course(tokenizer: Tokenizer, texts: int = 40) -> Course:
    rows: TokenRows = tokenize_rows(tokenizer, ["a b c"] * texts)
    vectors = np.ones((texts, 4), dtype=np.float16)
    return Course(
        rows,
        rows,
        [Run(row, 1) for row in range(texts)],
        TeacherVectors(vectors, vectors, np.arange(texts + 1)),
    )


def test_an_epoch_reads_every_run_once_in_german(tokenizer: Tokenizer) -> None:
    batches = course(tokenizer).epoch(BatchPlan(tokens_per_batch=24, english_share=0.5), 0)
    items = np.concatenate(batches)
    assert sorted(items[items[:, 1] == 0][:, 0].tolist()) == list(range(40))
    assert 0 < (items[:, 1] == 1).sum() < 40
    assert max(len(batch) for batch in batches) * 5 <= 24


def test_lessons_depend_on_their_number_only(tokenizer: Tokenizer) -> None:
    plan = BatchPlan(tokens_per_batch=24, bank_size=3)
    cpu = torch.device("cpu")
    all_of_them = LessonStream(course(tokenizer), plan, cpu)
    seen = [all_of_them.lesson(number) for number in range(40)]
    later = LessonStream(course(tokenizer), plan, cpu).lesson(37)
    assert all_of_them.epoch > 0
    torch.testing.assert_close(later.texts.ids, seen[37].texts.ids)
    torch.testing.assert_close(later.bank, seen[37].bank)
