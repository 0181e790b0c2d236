"""What can be said of an article that its file does not say: publisher, author, agency, address, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from rag.ingest.metadata import outlets
from rag.ingest.metadata.bylines import author, masthead
from rag.ingest.metadata.dates import Days, days
from rag.ingest.text.lines import lines

_LOOKED_AT: Final = 400  # characters of a line in which names and dates are looked for
_PICTURES: Final = frozenset({"credit", "caption"})
_ASIDE: Final = frozenset(
    {"credit", "caption", "related", "repeated", "agency", "share"}
)  # name other outlets


def guessed(
    text: str, kept: str, removed: Sequence[tuple[str, str]], headline: str | None, latest: date
) -> Mapping[str, Any]:
    """Return what an article's own text and what stood around it say of it: only fields it tells.

    `text` is the whole text of the page, `kept` what cleaning left of it, `removed` the other lines with
    their reasons; `latest` is the last day an article can be from.
    """
    whole = [line.text for line in lines(kept) if line.is_running_text]
    first = whole[0] if whole else None
    running = [line[:_LOOKED_AT] for line in whole]
    above: list[str] = []
    waiting = headline is not None
    for line in lines(text):
        if line.text == first:
            break
        if line.text == headline and waiting:
            above, waiting = [], False  # what stands above the headline is the page's
        else:
            above.append(line.text[:_LOOKED_AT])
    below = list(above)
    above += [
        line[:_LOOKED_AT] for line, reason in removed if reason in ("byline", "date") and line not in above
    ]
    around = above + [line[:_LOOKED_AT] for line, reason in removed if reason not in ("related", "comments")]
    when = _days(around, below, removed, running, text, latest)
    own = [line for line, reason in removed if reason not in _ASIDE or line.startswith("Copyright")]
    out = [line[:_LOOKED_AT] for line, _ in removed]
    writer = author(above, running, out)
    publisher = outlets.publisher(out, own, running, masthead(above), headline or "")
    if writer and publisher == writer and any(_presents(line, writer) for line in out):
        others = [[line for line in some if writer not in line] for some in (out, own)]
        publisher = outlets.publisher(others[0], others[1], running, None, headline or "")
    if writer and publisher:
        writer = writer.removesuffix(f", {publisher}")
    found = {
        "publisher": publisher,
        "author": writer if writer != publisher else None,
        "agency": outlets.agency(out, running, kept[-_LOOKED_AT:]),
        "url": outlets.address(out),
        "published": when.published,
        "updated": when.updated,
    }
    return {name: value for name, value in found.items() if value is not None}


def _presents(line: str, writer: str) -> bool:
    """Tell whether a line is about a writer: the rights of a blog, or "About Anna Muster"."""
    return writer in line and ("©" in line or line.startswith(("About ", "Über ", "More from ", "Mehr von ")))


def _days(
    around: Sequence[str],
    below: Sequence[str],
    removed: Sequence[tuple[str, str]],
    running: Sequence[str],
    text: str,
    latest: date,
) -> Days:
    """Work out the days, without those of pictures where others are told: a picture may be older."""
    pictures = {line[:_LOOKED_AT] for line, reason in removed if reason in _PICTURES}
    for left_out in (pictures, set[str]()):
        near = len(dict.fromkeys(line for line in below if line not in left_out))
        lines = list(dict.fromkeys(line for line in around if line not in left_out))
        when = days(lines, running, text, latest, near)
        if when.published is not None:
            break
    return when
