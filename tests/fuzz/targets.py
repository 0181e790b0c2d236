"""What is fuzzed: functions from bytes to nothing that may raise the library's own errors and no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lxml import html

from rag import settings
from rag.answer.evidence import Cited, Evidence
from rag.answer.reply.citations import Resolver
from rag.answer.reply.links import without_links
from rag.answer.reply.statements import statements
from rag.errors import InputError, QuellenchatError, SettingsError
from rag.ingest.cleaning.clean import clean
from rag.ingest.formats.html.hidden import without_hidden
from rag.ingest.formats.markdown import front_matter, plain
from rag.ingest.formats.table import FORMATS
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read
from rag.ingest.text.characters import canonical, decode, visible
from rag.ingest.text.sentences import sentences
from rag.retrieve.times.periods import periods
from rag.schema import Source, Span
from rag.settings import Settings
from rag.ui.article.place import place
from rag.ui.conversation.views import reopened, wished
from rag.ui.markup import escape
from rag.ui.texts.languages import of

LIMIT: Final = 200_000
_SOURCE: Final = Source("a", "Titel", "de")


def _text(data: bytes) -> str:
    with suppress(InputError):
        return decode(data)[0]
    return data.decode("latin-1")


def reader(data: bytes) -> None:
    """Read a file whose first byte says its format; every outcome is an article or a named failure."""
    if not data:
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{FORMATS[data[0] % len(FORMATS)]}"
        path.write_bytes(data[1:])
        for made in read(path, "a", LIMIT):
            if isinstance(made, Reading):
                text = made.article.text
                assert canonical(text) == text
                assert visible(text) == text
            else:
                assert isinstance(made, Failure)
                assert made.message and "\n" not in made.message
                assert not made.message.startswith("it cannot be read (")  # what nobody foresaw


def cleaner(data: bytes) -> None:
    """Clean a page's text; what is kept are lines of it."""
    text = canonical(_text(data))
    cleaned = clean(text, None, frozenset())
    lines = {line.strip() for line in text.split("\n")}
    assert all(any(line.strip() in one for one in lines) for line in cleaned.text.split("\n") if line.strip())


def page(data: bytes) -> None:
    """Take what is hidden out of a page."""
    text = visible(_text(data))
    if text.strip():
        with suppress(ValueError, html.etree.ParserError):
            without_hidden(html.document_fromstring(text))


def marker(data: bytes) -> None:
    """Resolve a reply in pieces; markers lead to sentences that were shown, addresses go."""
    text = _text(data)
    shown = {
        (n, m): Cited(_SOURCE, Span(10 * m, 10 * m + 9), f"Satz {n}.{m}") for n in (1, 2) for m in (1, 2, 3)
    }
    resolver = Resolver(Evidence("", shown), lambda _, cited: cited[0])
    made = "".join(resolver.feed(text[at : at + 5]) for at in range(0, len(text), 5)) + resolver.finish()
    assert set(resolver.cited) <= set(shown.values())
    safe, _ = without_links(made, ())
    assert "http://" not in safe.lower() and "https://" not in safe.lower()
    for one in statements(safe, "de"):
        assert 0 <= one.span.start < one.span.end <= len(safe)


def front(data: bytes) -> None:
    """Read front matter and Markdown."""
    with suppress(InputError):
        fields, body = front_matter(_text(data))
        assert all(isinstance(name, str) for name in fields)
        plain(body)


def spans(data: bytes) -> None:
    """Cut sentences and find periods in any text; spans lie in it, in order."""
    text = canonical(_text(data))
    for language in ("de", "en"):
        found = sentences(text, language)
        assert all(0 <= one.start < one.end <= len(text) for one in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
        periods(text[:400], language, date(2025, 2, 1))


def browser(data: bytes) -> None:
    """Read what a browser sends: a kept conversation, wishes, a place in an article."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    wished(value)
    with suppress(ValueError):
        place(value)
    reopened(_Nothing(), value, of("de"))  # type: ignore[arg-type]
    escape(str(value))


def setting(data: bytes) -> None:
    """Give a setting any value; it is taken or refused by name."""
    name, _, value = visible(_text(data)).partition("=")
    known = list(Settings.model_fields)
    chosen = known[len(name) % len(known)]
    try:
        settings.load(**{chosen: value or name})
    except SettingsError as error:
        assert f"RAG_{chosen.upper()}" in str(error)
        assert error.hint


class _Nothing:
    """A library without articles."""

    def article(self, article_id: str) -> None:
        raise QuellenchatError(f"no article has the id {article_id!r}")


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "reader": reader, "cleaner": cleaner, "page": page, "marker": marker, "front": front, "spans": spans,
    "browser": browser, "setting": setting,
}  # fmt: skip


def seeds(name: str) -> list[bytes]:
    """Return a target's corpus: what crashed once, and what leads into its corners."""
    folder = Path(__file__).with_name("corpus") / name
    return [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []
