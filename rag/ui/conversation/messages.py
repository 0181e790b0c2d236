"""Answers, abstentions and errors → the HTML of a message in the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.answer.texts import retold
from rag.errors import QuellenchatError
from rag.schema import EXTRACTIVE, Abstention, Answer
from rag.ui.conversation.prose import prose, retold_in, unsupported
from rag.ui.markup import element, escape, unescape
from rag.ui.texts.languages import Texts
from rag.ui.texts.problems import sentences

_WRITING: Final = '<div class="qc-answer qc-writing"'  # how a reply begins that is not complete
_QUESTION: Final = re.compile(r'<div class="qc-question">(.*)</div>', re.DOTALL)


def question_markup(question: str) -> str:
    """Show a question as the headline of its turn."""
    return f'<div class="qc-question">{escape(question)}</div>'


def question_of(markup: str) -> str:
    """Return the question that `question_markup` was given; any other text is returned as it stands."""
    match = _QUESTION.fullmatch(markup.strip())
    return unescape(match[1]) if match else markup


def answer_markup(answer: Answer | Abstention, turn: int, texts: Texts) -> str:
    """Show an answer as far as it has been written, or an abstention."""
    if isinstance(answer, Abstention):
        return _abstention(answer, turn, texts)
    if not answer.text and not answer.final:
        return waiting_markup(texts.writing)
    body = element("div", prose(answer, turn, texts), class_="qc-text", lang=answer.language)
    why = (texts.unsupported_why,) if any(unsupported(answer)) else ()
    foot = _notes(why + _notices(answer, texts)) + _foot(answer, turn, texts) if answer.final else ""
    kind = "qc-answer" if answer.final else "qc-answer qc-writing"
    return element("div", body + foot, class_=kind, id=f"qc-answer-{turn}")


def waiting_markup(words: str) -> str:
    """Say what is being done while there is nothing to read yet."""
    return element("div", element("p", escape(words), class_="qc-waiting"), class_="qc-answer qc-writing")


def error_markup(error: Exception, texts: Texts) -> str:
    """Show what went wrong and what to do, and never more than that."""
    if isinstance(error, QuellenchatError):
        words, hint = sentences(str(error), "", texts), sentences(error.hint, "", texts)
        return notice_markup(texts.failed, words, hint)
    return notice_markup(texts.failed, texts.unexpected, texts.unexpected_hint)


def notice_markup(title: str, message: str, hint: str = "", kind: str = "qc-error") -> str:
    """Tell a person calmly why there is no answer."""
    lines = [element("p", element("strong", escape(title))), element("p", escape(message))]
    if hint:
        lines.append(element("p", escape(hint), class_="qc-hint"))
    return element("div", "".join(lines), class_=kind)


def stopped_markup(markup: str, turn: int, texts: Texts) -> str:
    """Say below what had been written that the person stopped it; a complete reply stays as it is."""
    if markup and not markup.startswith(_WRITING):
        return markup
    note = element("p", escape(texts.stopped), class_="qc-note")
    if not markup or "qc-waiting" in markup:
        return unanswered_markup(note, turn, texts)
    ways = element("div", _ways(texts), class_="qc-foot")
    return (
        markup.replace(_WRITING, '<div class="qc-answer"', 1).removesuffix("</div>") + note + ways + "</div>"
    )


def unanswered_markup(notice: str, turn: int, texts: Texts) -> str:
    """Show why a turn has no answer, with the ways to try it once more."""
    ways = element("div", _ways(texts), class_="qc-foot")
    return element("div", notice + ways, class_="qc-answer", id=f"qc-answer-{turn}")


def _abstention(abstention: Abstention, turn: int, texts: Texts) -> str:
    label = element("p", escape(texts.abstained), class_="qc-label")
    said = element("p", escape(abstention.text), lang=abstention.language)
    language = retold_in(texts, abstention)
    why = escape(retold(abstention.reason, language))
    reason = element("p", why, class_="qc-why", lang=language) if why else ""
    body = element("div", said + reason, class_="qc-text")
    link = ""
    if abstention.hits:
        link = element("a", escape(texts.nearest_open), href=f"#q{turn}-nearest", class_="qc-more")
    foot = element("div", link + _ways(texts) + verdict(texts), class_="qc-foot")
    content = label + body + _notes(_notices(abstention, texts)) + foot
    return element("div", content, class_="qc-answer qc-abstention", id=f"qc-answer-{turn}")


def _notices(answer: Answer | Abstention, texts: Texts) -> tuple[str, ...]:
    """Return what the person should know: the search text where it is not the question, and warnings.

    They tell of the answer and are no part of it: they are in the page's language, whatever the question's.
    """
    warnings = tuple(retold(warning, retold_in(texts, answer)) for warning in answer.warnings)
    if answer.query == answer.question:
        return warnings
    return (texts.searched.format(query=answer.query), *warnings)


def _notes(warnings: tuple[str, ...]) -> str:
    return "".join(element("p", escape(warning), class_="qc-note") for warning in warnings)


def _foot(answer: Answer, turn: int, texts: Texts) -> str:
    """Say who answered, and lead to the sources."""
    unbacked = bool(answer.statements) and not any(one.supported for one in answer.statements)
    by_model = (texts.by_model_unsupported if unbacked else texts.by_model).format(model=answer.model)
    by = texts.by_extractive if answer.model == EXTRACTIVE else by_model
    count = len({citation.source.id for citation in answer.citations})
    label = (texts.show_sources_one if count == 1 else texts.show_sources_many).format(count=count)
    parts = [element("span", escape(by), class_="qc-by")]
    if count:
        parts.append(element("a", escape(label), href=f"#q{turn}-sources", class_="qc-more"))
    todo, done = element("span", escape(texts.copy)), element("span", escape(texts.copied))
    parts.append(element("button", todo + done, class_="qc-copy", type="button"))
    return element("div", "".join(parts) + _ways(texts) + verdict(texts), class_="qc-foot")


def _ways(texts: Texts) -> str:
    """Offer to ask the same once more, or to put the question in other words."""
    again = element("button", escape(texts.again), type="button", class_="qc-again")
    return again + element("button", escape(texts.rephrase), type="button", class_="qc-rephrase")


def verdict(texts: Texts) -> str:
    """Ask whether an answer is right; what the person says becomes an evaluation question."""
    buttons = element("button", escape(texts.right), type="button", class_="qc-right")
    buttons += element("button", escape(texts.wrong), type="button", class_="qc-wrong")
    return element("span", buttons, class_="qc-verdict", role="group", title=texts.judge_answer)


def follow_up_markup(questions: Sequence[str], language: str, texts: Texts) -> str:
    """Offer questions, which are in the answer's language, to go on with; nothing where there are none."""
    if not questions:
        return ""
    label = element("p", escape(texts.follow_up), class_="qc-label")
    offers = "".join(
        element("button", escape(one), type="button", class_="qc-ask", lang=language) for one in questions
    )
    return element(
        "div", label + offers, class_="qc-offers", role="group", aria_live="off", aria_label=texts.follow_up,
        lang=texts.language,
    )  # fmt: skip
