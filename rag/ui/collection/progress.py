"""A run of adding → how far it is, and in the end what came of it, with what went wrong file by file."""

from __future__ import annotations

from typing import Final

from rag.indexing import IndexReport
from rag.ui.collection.adding import Run
from rag.ui.markup import element, escape
from rag.ui.texts.languages import Texts
from rag.ui.texts.problems import sentences

_NAMED: Final = 20  # failures told one by one


def progress_markup(run: Run, texts: Texts) -> str:
    """Say how far a run of adding is, or what came of it, file by file where something went wrong."""
    if run.error is not None:
        return _problem(run.error, texts)
    if run.report is None:
        words = texts.adding.format(
            done=texts.number(run.done),
            total=texts.number(max(run.total, 1)),
            articles=texts.articles(run.articles),
        )
        bar = f'<progress max="1" value="{run.share:.3f}"></progress>'
        return element("p", escape(words)) + bar + element("p", escape(run.current), class_="qc-hint")
    return _outcome(run.report, texts)


def _outcome(report: IndexReport, texts: Texts) -> str:
    counts = [
        (texts.added_count, len(report.added)),
        (texts.updated_count, len(report.updated)),
        (texts.unchanged_count, len(report.unchanged)),
        (texts.failed_count, len(report.failed)),
    ]
    words = ", ".join(label.format(count=texts.number(count)) for label, count in counts if count)
    summary = element("p", element("strong", escape(words or texts.nothing_added)))
    failed = "".join(
        _failed(failure.where, failure.message, failure.hint, texts) for failure in report.failed[:_NAMED]
    )
    rest = len(report.failed) - _NAMED
    if rest > 0:
        failed += element("li", escape(texts.more_failed.format(count=texts.number(rest))))
    warned = "".join(_failed(where, warning, "", texts) for where, warning in report.warnings[:_NAMED])
    rest = len(report.warnings) - _NAMED
    if rest > 0:
        warned += element("li", escape(texts.more_failed.format(count=texts.number(rest))))
    return (
        summary
        + (element("ul", failed, class_="qc-failed") if failed else "")
        + (element("ul", warned, class_="qc-warned") if warned else "")
    )


def _failed(where: str, message: str, hint: str, texts: Texts) -> str:
    name = where.replace("\\", "/").rsplit("/", 1)[-1] if "://" not in where else where
    line = escape(sentences(message, hint, texts))
    return element("li", element("strong", escape(name)) + " – " + line)


def _problem(error: Exception, texts: Texts) -> str:
    message = sentences(str(error), "", texts) or texts.unexpected
    hint = sentences(getattr(error, "hint", ""), "", texts)
    return element("p", element("strong", escape(message)) + " " + escape(hint), class_="qc-error")
