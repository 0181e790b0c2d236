"""Check the sample collection: its articles' front matter and the questions asked about them."""

import datetime
import difflib
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "data" / "articles"
QUESTIONS = ROOT / "data" / "questions" / "samples.jsonl"
ACTS = ROOT / "data" / "questions" / "acts.jsonl"

FIELDS = {"title", "publisher", "author", "published", "url", "language", "sources", "note"}
DESK = {
    "de": ("Quellenchat-Musterredaktion", "Musterredaktion"),
    "en": ("Quellenchat Sample Desk", "Sample Desk"),
}
NOTE = {
    "de": "Für die Quellenchat-Mustersammlung geschrieben",
    "en": "Written for the Quellenchat sample collection",
}
HOST = "muster.quellenchat.example"
NEAR_DUPLICATES = ("2021-12-07-videogipfel-1945.md", "2021-12-07-videogipfel-2015.md")
CORRECTED, CORRECTION = "2021-12-06-vorschau-videogipfel.md", "2021-12-09-korrektur-vorschau-videogipfel.md"


class Sample(NamedTuple):
    """Hold one sample article: its front matter and its body."""

    meta: dict[str, Any]
    body: str


@cache
def samples() -> dict[str, Sample]:
    """Read all sample articles by file name."""
    found = {}
    for path in sorted(ARTICLES.glob("*.md")):
        start, meta, body = path.read_text(encoding="utf-8").split("---\n", 2)
        assert start == "", f"{path.name} does not begin with front matter"
        found[path.name] = Sample(yaml.safe_load(meta), body.strip())
    return found


@cache
def questions(path: Path = QUESTIONS) -> list[dict[str, Any]]:
    """Read all sample questions in file order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ARTICLE_IDS = sorted(path.name for path in ARTICLES.glob("*.md"))


@pytest.mark.parametrize("article", ARTICLE_IDS)
def test_front_matter_is_complete(article: str) -> None:
    """Demand every field, the sample desk as publisher and the reserved domain."""
    meta = samples()[article].meta
    assert set(meta) == FIELDS
    assert (meta["publisher"], meta["author"]) == DESK[meta["language"]]
    assert isinstance(meta["published"], datetime.date)
    assert article.startswith(f"{meta['published']:%Y-%m-%d}-")
    assert urlsplit(meta["url"]).scheme == "https"
    assert urlsplit(meta["url"]).hostname == HOST
    assert meta["sources"]
    assert all(isinstance(source, str) and source.strip() for source in [meta["title"], *meta["sources"]])


@pytest.mark.parametrize("article", ARTICLE_IDS)
def test_body_has_news_length_and_says_what_it_is(article: str) -> None:
    """Demand 250 to 550 words; that it is a sample stands in the head, where it is not quoted."""
    meta, body = samples()[article]
    assert 250 <= len(body.split()) <= 550
    assert meta["note"].startswith(NOTE[meta["language"]])
    assert "Quellenchat" not in body


def test_titles_and_urls_are_unique() -> None:
    """Demand that no two articles share a title or a URL."""
    metas = [sample.meta for sample in samples().values()]
    assert len({meta["title"] for meta in metas}) == len(metas)
    assert len({meta["url"] for meta in metas}) == len(metas)


def test_two_thirds_are_german() -> None:
    """Hold the collection at 20 to 22 articles, about two thirds of them German."""
    languages = [sample.meta["language"] for sample in samples().values()]
    assert 20 <= len(languages) <= 22
    assert 0.6 <= languages.count("de") / len(languages) <= 0.73


def test_near_duplicates_are_nearly_equal() -> None:
    """Demand that the agency pair differs, but only in a few words."""
    first, second = (samples()[article].body.split() for article in NEAR_DUPLICATES)
    similarity = difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()
    assert 0.9 < similarity < 1.0


def test_correction_names_what_it_corrects() -> None:
    """Demand that the correction names the earlier article, the error and the right fact."""
    earlier, correction = samples()[CORRECTED], samples()[CORRECTION]
    assert earlier.meta["published"] < correction.meta["published"]
    assert CORRECTED in correction.body
    assert f"„{earlier.meta['title']}“" in correction.body
    assert "Das ist falsch." in correction.body
    assert "Richtig ist:" in correction.body
    assert "nicht mehr direkt miteinander gesprochen" in earlier.body
    assert "nicht mehr direkt miteinander gesprochen" in correction.body


@pytest.mark.parametrize(
    "figures",
    [("94.000", "94,300"), ("95.000 bis 100.000", "95,000 to 100,000"), ("rund 100.000", "nearly 100,000")],
)
def test_troop_figures_disagree_in_both_languages(figures: tuple[str, str]) -> None:
    """Demand each disputed figure in a German and in an English article."""
    for language, figure in zip(("de", "en"), figures, strict=True):
        assert any(
            figure in sample.body for sample in samples().values() if sample.meta["language"] == language
        )


def test_enough_questions_of_each_kind() -> None:
    """Demand 60 questions, a quarter of them unanswerable, in both languages evenly."""
    asked = questions()
    assert len(asked) >= 60
    assert len({question["question"] for question in asked}) == len(asked)
    unanswerable = [question for question in asked if not question["articles"]]
    assert len(unanswerable) >= len(asked) / 4
    for group in (asked, unanswerable):
        german = sum(question["language"] == "de" for question in group)
        assert 0.4 <= german / len(group) <= 0.6


def test_all_four_language_pairs_are_asked() -> None:
    """Demand ten questions for every pair of question and article language."""
    for asked_in in ("de", "en"):
        for written_in in ("de", "en"):
            pairs = sum(
                question["language"] == asked_in
                and any(samples()[article].meta["language"] == written_in for article in question["articles"])
                for question in questions()
            )
            assert pairs >= 10, f"only {pairs} questions in {asked_in} on articles in {written_in}"


@pytest.mark.parametrize(
    "question", [*questions(), *questions(ACTS)], ids=lambda question: question["question"]
)
def test_question_is_backed_by_its_articles(question: dict[str, Any]) -> None:
    """Demand known articles, verbatim evidence, and evidence from every listed article."""
    assert set(question) == {"question", "language", "articles", "evidence"}
    assert question["language"] in ("de", "en")
    assert len(set(question["articles"])) == len(question["articles"])
    assert bool(question["articles"]) == bool(question["evidence"])
    bodies = {article: samples()[article].body for article in question["articles"]}
    for evidence in question["evidence"]:
        assert "\n" not in evidence
        assert any(evidence in body for body in bodies.values()), f"not in any article: {evidence}"
    for article, body in bodies.items():
        assert any(evidence in body for evidence in question["evidence"]), f"no evidence from {article}"


def test_near_duplicates_answer_the_same_questions() -> None:
    """Demand that the agency pair is listed together or not at all."""
    for question in questions():
        listed = [article in question["articles"] for article in NEAR_DUPLICATES]
        assert all(listed) or not any(listed), question["question"]


def test_every_article_answers_a_question() -> None:
    """Demand that each article is needed by at least one question."""
    answering = {article for question in questions() for article in question["articles"]}
    assert answering == set(samples())
