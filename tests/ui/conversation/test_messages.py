"""Answers, abstentions and errors as messages of the conversation."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rag.answer.texts import say
from rag.errors import ModelError
from rag.schema import Span, Statement
from rag.ui.conversation.messages import (
    answer_markup,
    error_markup,
    question_markup,
    question_of,
    stopped_markup,
)
from rag.ui.markup import escape
from rag.ui.texts.languages import DE, EN
from tests.ui.samples import SOURCE, abstention, answer


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_a_question_can_be_read_back_from_its_message(question: str) -> None:
    assert question_of(question_markup(question)) == question


def test_only_resolved_markers_become_links() -> None:
    markup = answer_markup(answer("Das steht da [1], das nicht [2]."), 3, DE)
    assert markup.count("<a ") == 2  # the marker, and the way to the sources
    assert 'href="&#35;q3-1"' in markup and "&#91;2&#93;" in markup


def test_an_answer_names_who_wrote_it() -> None:
    assert "ohne Sprachmodell" in answer_markup(answer(), 1, DE)
    assert "Written by qwen3&#58;8b" in answer_markup(answer(model="qwen3:8b"), 1, EN)


def test_an_answer_without_a_backed_statement_is_not_called_backed() -> None:
    spans = (Statement(Span(0, 17), ()), Statement(Span(18, 28), ()))
    written = answer("Das steht da hier. Das nicht.", model="qwen3:8b", statements=spans)
    assert "keine der Aussagen ist belegt" in answer_markup(written, 1, DE)
    one = (Statement(Span(0, 17), ("[1]",)), spans[1])
    assert "belegt mit wörtlichen" in answer_markup(replace(written, statements=one), 1, DE)


def test_unsupported_statements_are_marked_only_when_the_answer_is_complete() -> None:
    text = "Das steht da [1]. Das nicht."
    spans = (Statement(Span(0, 17), ("[1]",)), Statement(Span(18, 28), ()))
    markup = answer_markup(answer(text, statements=spans), 1, DE)
    assert '<span class="qc-unsupported">Das nicht.</span>' in markup and "ohne Beleg" in markup
    assert "qc-unsupported" not in answer_markup(answer(text, statements=spans, final=False), 1, DE)


def test_a_search_text_that_is_not_the_question_is_told() -> None:
    assert "Gesucht nach" not in answer_markup(answer(), 1, DE)
    markup = answer_markup(answer(query="Und dann? Putin"), 1, DE)
    assert "Gesucht nach&#58; Und dann&#63; Putin" in markup


def test_lines_become_paragraphs_and_lists() -> None:
    markup = answer_markup(answer("Zwei Punkte:\n\n- der **erste** [1]\n- der zweite\n\nEnde."), 1, DE)
    assert markup.count("<p>") == 2 and markup.count("<li>") == 2
    assert "<strong>erste</strong>" in markup


def test_a_numbered_list_keeps_its_numbers_and_a_line_its_day() -> None:
    listed = answer_markup(answer("Zwei:\n\n3. Einer [1].\n4) Noch einer.\n+ Und das."), 1, DE)
    assert '<ol><li value="3">Einer' in listed and '<li value="4">Noch einer' in listed
    assert listed.index("</ol>") < listed.index("<ul><li>Und das")
    dated = answer_markup(answer("7. Dezember 2021: Sie sprachen [1].\n8. Dez. 2021: Sie schwiegen."), 1, DE)
    assert "<li" not in dated and "<p>7.\N{NO-BREAK SPACE}Dezember 2021" in dated and "<p>8. Dez" in dated


def test_bold_type_goes_around_markers_and_never_into_them() -> None:
    titled = replace(SOURCE, title="**Eil** [1]")
    markup = answer_markup(answer("**Das steht [1]** da. ** [1]\n### Kopf", source=titled), 1, DE)
    assert "<p><strong>Das steht\N{NO-BREAK SPACE}<a " in markup and "</a></strong> da" in markup
    assert "<p><strong>Kopf</strong></p>" in markup
    assert "&#42;&#42;Eil&#42;&#42; &#91;1&#93;" in markup  # in the marker's title, as text


def test_a_hostile_reply_stays_text() -> None:
    reply = "<img src=x onerror=alert(1)> ![](http://evil.example) [1](http://evil.example) ${1}\n\n<script>"
    markup = answer_markup(answer(reply, source=replace(SOURCE, title='"><script>alert(1)</script>')), 1, DE)
    assert (
        "<img" not in markup
        and "<script" not in markup
        and "${" not in markup
        and "evil.example)" not in markup
    )


def test_an_abstention_says_so_and_leads_to_the_nearest_passages() -> None:
    markup = answer_markup(abstention(), 2, DE)
    assert "Keine Antwort in den Artikeln" in markup and "Nichts passt." in markup
    assert 'href="&#35;q2-nearest"' in markup


def test_errors_show_message_and_hint_but_nothing_of_the_inside() -> None:
    known = error_markup(ModelError("it does not answer", hint="start it"), DE)
    assert "it does not answer" in known and "start it" in known
    unknown = error_markup(RuntimeError("secret path /home/person"), DE)
    assert "secret" not in unknown and "unerwarteter Fehler" in unknown


def test_stopping_marks_only_what_was_still_being_written() -> None:
    writing = answer_markup(answer(final=False), 1, DE)
    stopped = stopped_markup(writing, 1, DE)
    assert (
        "Angehalten" in stopped
        and "Wiederholen" in stopped
        and stopped.count("<div") == stopped.count("</div")
    )
    complete = answer_markup(answer(), 1, DE)
    assert stopped_markup(complete, 1, DE) == complete


def test_a_marker_and_a_day_never_begin_a_line() -> None:
    markup = answer_markup(answer("Am 8. Dezember stand es da [1]. On 8 December, too."), 1, DE)
    for words in ("8._Dezember", "da_<a ", "8_December"):
        assert words.replace("_", "\N{NO-BREAK SPACE}") in markup


def test_what_is_told_of_an_answer_is_in_the_language_of_the_page() -> None:
    text = "It stands there [1]. That does not."
    reason = say("support_none", "en")
    spans = (Statement(Span(0, 20), ("[1]",)), Statement(Span(21, 35), (), reason=reason))
    dropped = say("dropped", "en", n=1, ids="9.9")
    made = answer(text, language="en", statements=spans, warnings=(dropped,), model="m")
    markup = answer_markup(made, 1, DE)
    assert 'lang="en"><p>It stands' in markup
    assert escape(say("support_none", "de").rstrip(".")) in markup
    assert escape(reason.rstrip(".")) not in markup
    assert escape(say("dropped", "de", n=1, ids="9.9")) in markup
    declined = replace(abstention(), language="en", reason=say("nothing_found", "en"))
    told = answer_markup(declined, 1, DE)
    assert escape(say("nothing_found", "de")) in told and f'lang="en">{escape(declined.text)}' in told


def test_on_a_page_in_a_third_language_a_reason_is_in_that_of_the_answer() -> None:
    french = replace(EN, language="fr")
    reason = say("support_none", "de")
    shown = answer_markup(
        answer("Das nicht.", statements=(Statement(Span(0, 10), (), 0.0, reason),)), 1, french
    )
    assert 'lang="de"' in shown and escape(reason.rstrip(".")) in shown
