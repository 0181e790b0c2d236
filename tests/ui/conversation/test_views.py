"""A question's way through the conversation: views that grow, errors that stay calm, asking again."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import pytest

from rag.errors import ModelError
from rag.schema import Abstention, Answer, Filter, Wishes
from rag.ui.conversation.views import Message, anew, asked, reopened, stopped, wished
from rag.ui.markup import unescape
from rag.ui.texts.languages import DE
from tests.ui.samples import answer


class Scripted:
    """A library that gives prepared snapshots, or raises in the end."""

    def __init__(
        self, *snapshots: Answer | Abstention, error: Exception | None = None, size: int = 1
    ) -> None:
        self.snapshots, self.error, self.size = snapshots, error, size
        self.previous: list[Sequence[str]] = []
        self.filters: list[Filter | None] = []

    def count(self) -> int:
        return self.size

    def stream(
        self,
        question: str,
        previous: Sequence[str] = (),
        filter: Filter | None = None,
        wishes: Wishes | None = None,
    ) -> Iterator[Answer | Abstention]:
        self.previous.append(previous)
        self.filters.append(filter)
        yield from self.snapshots
        if self.error is not None:
            raise self.error


def _last(library: Scripted, messages: list[Message] | None = None) -> str:
    *_, view = asked(library, messages or [], "Was steht da?", DE)
    return str(view.messages[-1]["content"])


def test_the_last_view_holds_question_and_answer() -> None:
    views = list(asked(Scripted(answer(final=False), answer()), [], "Was steht da?", DE))
    assert [message["role"] for message in views[-1].messages] == ["user", "assistant"]
    assert "Was steht da" in views[-1].messages[0]["content"]
    assert "qc-waiting" in views[0].messages[1]["content"]
    assert "Hier steht das Zitat." in [view.panel for view in views if view.panel][-1]


def test_the_panel_is_sent_only_when_it_changes() -> None:
    growing = [answer(text, final=False, hits=()) for text in ("Das", "Das steht", "Das steht da [1].")]
    views = list(asked(Scripted(*growing, answer(hits=())), [], "Was?", DE))
    assert sum(view.panel is not None for view in views) == 2


def test_turns_are_counted_along_the_conversation() -> None:
    library = Scripted(answer())
    *_, first = asked(library, [], "Was?", DE)
    *_, second = asked(library, first.messages, "Und „dann“?", DE)
    list(asked(library, second.messages, "Wirklich?", DE))
    assert "&#35;q2-1" in second.messages[-1]["content"]
    assert library.previous == [[], ["Was?"], ["Was?", "Und „dann“?"]]


def test_an_error_becomes_a_calm_message() -> None:
    assert "start it" in _last(Scripted(error=ModelError("no model", hint="start it")))


def test_an_unexpected_error_is_logged_and_its_text_kept_from_the_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert "unerwarteter Fehler" in _last(Scripted(answer(final=False), error=RuntimeError("inner secret")))
    assert "inner secret" in caplog.text


def test_an_empty_collection_is_told_what_to_do() -> None:
    assert "Fügen Sie Artikel hinzu" in unescape(_last(Scripted(size=0)))


def test_asking_anew_takes_back_a_turn_and_all_behind_it() -> None:
    *_, first = asked(Scripted(answer()), [], "Wie „geht“ <das>?", DE)
    *_, second = asked(Scripted(answer()), first.messages, "Und dann?", DE)
    assert anew(second.messages, {"turn": 1}) == ([], "Wie „geht“ <das>?")
    assert anew(second.messages, {"turn": 2}) == (first.messages, "Und dann?")
    assert anew(second.messages, {"turn": 2, "question": "Und wann?"}) == (first.messages, "Und wann?")
    assert anew(second.messages, {"question": "Und wann?"}) == (second.messages, "Und wann?")
    parts = [{"role": "user", "content": [{"type": "text", "text": first.messages[0]["content"]}]}]
    assert anew(parts, {"turn": 1}) == ([], "Wie „geht“ <das>?")


@pytest.mark.parametrize("asked", [None, 7, {}, {"turn": "x"}, {"turn": 9}, {"turn": -1}, {"question": 7}])
def test_what_names_no_question_asks_none(asked: object) -> None:
    assert anew([], asked) == ([], "")


def test_a_question_without_a_kept_answer_can_be_asked_once_more() -> None:
    messages, panels = reopened(SimpleNamespace(), [{"question": "Was?", "outcome": None}], DE)  # type: ignore[arg-type]
    assert "qc-again" in messages[1]["content"] and 'id="qc-answer-1"' in messages[1]["content"]
    assert "nicht zu Ende geschrieben" in messages[1]["content"] and set(panels) == {"1"}


def test_stopping_marks_the_reply_that_was_growing() -> None:
    views = list(asked(Scripted(answer(final=False)), [], "Was?", DE))
    assert "Angehalten" in stopped(views[0].messages, DE)[-1]["content"]
    growing = stopped(views[-1].messages, DE)[-1]["content"]
    assert "Das steht da" in growing and "Angehalten" in growing and "qc-writing" not in growing
    assert stopped([], DE) == []


@pytest.mark.parametrize(
    ("limit", "wishes"),
    [
        (None, Wishes()),
        ({"settings": "x"}, Wishes()),
        ({"settings": {"language": "fr", "passages": "0", "strictness": "-3", "answerer": ""}}, Wishes()),
        (
            {"settings": {"language": "en", "passages": "3", "strictness": "55", "answerer": "quotes"}},
            Wishes("en", 3, 0.55, True),
        ),
    ],
)
def test_wishes_are_read_from_whatever_the_browser_sends(limit: object, wishes: Wishes) -> None:
    assert wished(limit) == wishes
