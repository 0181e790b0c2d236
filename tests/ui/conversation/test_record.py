"""Records of answers: back as they were, with sources as they are now."""

import json
from dataclasses import replace

import pytest

from rag.errors import NotFoundError
from rag.schema import Abstention, Article, Citation, Span
from rag.ui.conversation.record import CHANGED, REMOVED, record, restore
from tests.ui.samples import ARTICLE, QUOTE, SOURCE, TEXT, abstention, answer


class Shelf:
    """A library of one article, or none."""

    def __init__(self, text: str | None = TEXT) -> None:
        self.text = text

    def article(self, article_id: str) -> Article:
        if self.text is None:
            raise NotFoundError("gone")
        return replace(ARTICLE, text=self.text)


def _kept(**changed: object) -> dict[str, object]:
    kept: dict[str, object] = json.loads(json.dumps(record(answer(**changed))))
    return kept


def test_an_answer_comes_back_as_it_was() -> None:
    found = restore(_kept(), Shelf())
    assert not found.lost
    assert found.answer.citations == answer().citations
    assert found.answer.statements == answer().statements
    assert [hit.passage.text for hit in found.answer.hits] == [hit.passage.text for hit in answer().hits]
    again = restore(json.loads(json.dumps(record(abstention()))), Shelf()).answer
    assert isinstance(again, Abstention) and again.reason == abstention().reason


def test_other_articles_that_tell_the_same_come_back_while_they_are_there() -> None:
    citation = replace(
        answer().citations[0], also_in=(replace(SOURCE, id="b.md"), replace(SOURCE, id="gone"))
    )
    kept = _kept(citations=(citation,))
    shelf = Shelf()

    def article(article_id: str) -> Article:
        if article_id == "gone":
            raise NotFoundError("gone")
        return replace(ARTICLE, source=replace(SOURCE, id=article_id))

    shelf.article = article  # type: ignore[method-assign]
    (found,) = restore(kept, shelf).answer.citations
    assert [one.id for one in found.also_in] == ["b.md"]


def test_passages_are_kept_without_their_texts() -> None:
    assert TEXT[:14] not in json.dumps(_kept()["passages"])


def test_a_quote_that_has_moved_is_found_again_and_so_is_a_passage() -> None:
    before = restore(_kept(), Shelf(TEXT)).answer.hits
    found = restore(_kept(), Shelf("Ein Nachtrag. " + TEXT))
    assert before and [hit.passage.text for hit in found.answer.hits] == [hit.passage.text for hit in before]
    (citation,) = found.answer.citations
    assert not found.lost and citation.span == Span(QUOTE.start + 14, QUOTE.end + 14)


@pytest.mark.parametrize(("text", "why"), [("Etwas anderes.", CHANGED), (None, REMOVED)])
def test_what_is_gone_is_said_to_be_gone(text: str | None, why: str) -> None:
    found = restore(_kept(), Shelf(text))
    assert found.lost == {"[1]": why}
    (citation,) = found.answer.citations
    assert isinstance(citation, Citation) and citation.quote == TEXT[QUOTE.start : QUOTE.end]
    assert not any(hit.passage.text not in str(text) for hit in found.answer.hits)


@pytest.mark.parametrize("kept", [{}, {"answered": True}, {**_kept(), "citations": [{"marker": "[1]"}]}])
def test_what_is_no_record_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        restore(kept, Shelf())
