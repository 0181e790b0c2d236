"""Figures: nDCG by hand, and reading sets."""

import json
from pathlib import Path

import numpy as np
import pytest

from rag.errors import InputError
from rag.training.evaluate import evaluate_bm25, table
from rag.training.retrieval import ndcg, read_sets, with_questions

from .conftest import Toy


def test_ndcg_by_hand() -> None:
    scores = np.array([[0.9, 0.5, 0.1], [0.1, 0.9, 0.5]], dtype=np.float32)
    assert ndcg(scores, [frozenset({0}), frozenset({2})]) == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert ndcg(scores[:1], [frozenset({0, 2})]) == pytest.approx((1 + 0.5) / (1 + 1 / np.log2(3)))
    assert ndcg(scores, [frozenset({2}), frozenset({0})], cutoff=2) == 0


def test_fewer_articles_leave_only_questions_that_they_answer(toy: Toy) -> None:
    one = read_sets(toy.sets, max_articles=5)[0]
    assert (one.name, len(one.articles), len(one.questions)) == ("de-on-de", 5, 5)
    assert one.relevant[4] == frozenset({4})


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"questions\.\*-on-\*\.jsonl"):
        read_sets(tmp_path)


@pytest.mark.parametrize(
    ("articles", "questions", "message"),
    [
        (None, '{"question": "Wer?", "articles": ["x"]}', "articles.de.jsonl cannot be read"),
        ('{"id": "x"}', "", "articles.de.jsonl:1 is none of a set: KeyError"),
        ('{"id": "x", "text": "Ein Satz."}\n\n', "\nkaputt", "questions.de-on-de.jsonl:2 is none of a set"),
        (
            '{"id": "x", "text": "Ein Satz."}',
            '{"question": "Wer?", "articles": ["y"]}',
            "no question of these",
        ),
    ],
)
def test_what_is_wrong_with_a_set_is_named(
    tmp_path: Path, articles: str | None, questions: str, message: str
) -> None:
    if articles is not None:
        (tmp_path / "articles.de.jsonl").write_text(articles, encoding="utf-8")
    (tmp_path / "questions.de-on-de.jsonl").write_text(questions, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        with_questions(read_sets(tmp_path))


def test_bm25_finds_the_article_that_is_the_question(toy: Toy) -> None:
    found = evaluate_bm25(read_sets(toy.sets))
    assert found["de-on-de"] > 0.9
    assert "| BM25 |" in table({"BM25": found})


def test_questions_without_an_answer_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "articles.de.jsonl").write_text(
        json.dumps({"id": "x", "text": "Ein Satz."}), encoding="utf-8"
    )
    line = json.dumps({"question": "Wer?", "articles": []})
    (tmp_path / "questions.de-on-de.jsonl").write_text(line, encoding="utf-8")
    assert read_sets(tmp_path)[0].questions == ()
