"""Check every format, and that whatever is wrong with an input becomes one clear failure."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.finishing import article
from rag.ingest.formats import table
from rag.ingest.formats.table import DUMPS, FORMATS, PLAIN, SUFFIXES, TEXTS
from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read

LIMIT = 100_000
BODY = (
    "Der Hafen von Rostock wird ausgebaut. Das Land zahlt für den Hafen 30 Millionen Euro, sagte der "
    "Minister am Dienstag. Kritiker halten das für zu viel Geld."
)
PAGE = f"""<!doctype html><html lang="de"><head><title>Rostock baut aus | Küstenblatt</title>
<meta property="og:title" content="Rostock baut seinen Hafen aus">
<meta property="og:site_name" content="Küstenblatt"><meta name="author" content="Anna Muster">
<meta property="article:published_time" content="2021-12-07T19:45:00+01:00">
<meta property="og:url" content="https://kueste.example/rostock"></head><body>
<nav><a href="/">Startseite</a> <a href="/sport">Sport</a></nav>
<article><h1>Rostock baut seinen Hafen aus</h1><p>{BODY}</p>
<p>{BODY.replace("Rostock", "Wismar")}</p></article>
<footer>Impressum und Datenschutz</footer><script>track()</script></body></html>"""


def only(path: Path, article_id: str = "a") -> Reading | Failure:
    """Return the one result of reading a file."""
    results = list(read(path, article_id, LIMIT))
    assert len(results) == 1
    return results[0]


def made(path: Path, article_id: str = "a") -> Reading:
    """Return the one article of a file."""
    result = only(path, article_id)
    assert isinstance(result, Reading), result
    return result


def failed(path: Path) -> Failure:
    """Return the one failure of a file, which must say where it is and what to do."""
    result = only(path)
    assert isinstance(result, Failure), result
    assert result.where.startswith(str(path))
    assert result.message
    assert "\n" not in result.message
    assert result.hint
    return result


# -- what can be read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".txt", ".text", ".TXT"])
def test_text(tmp_path: Path, suffix: str) -> None:
    """Read plain text: id from the caller, title and language guessed."""
    path = tmp_path / f"hafen{suffix}"
    path.write_text(f"Rostock baut seinen Hafen aus\n\n{BODY}", encoding="utf-8")
    reading = made(path, "ordner/hafen.txt")
    assert reading.article.id == "ordner/hafen.txt"
    assert reading.article.source.title == "Rostock baut seinen Hafen aus"
    assert reading.article.source.language == "de"
    assert reading.article.source.origin == str(path)
    assert reading.article.text == f"Rostock baut seinen Hafen aus\n\n{BODY}"
    assert reading.warnings == ()


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    """Take the fields from the front matter and keep them out of the text."""
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: Der *Hafen*\npublisher: Küstenblatt\nauthor: [Anna Muster, Ben Muster]\n"
        "published: 2021-12-07\nurl: https://kueste.example/1\nlanguage: de-AT\nid: nicht diese\n---\n"
        f"**{BODY[:37]}**{BODY[37:]}\n",
        encoding="utf-8",
    )
    source = made(path).article.source
    assert (source.id, source.title, source.publisher) == ("a", "Der *Hafen*", "Küstenblatt")
    assert (source.author, source.url) == ("Anna Muster, Ben Muster", "https://kueste.example/1")
    assert (source.published, source.language) == (date(2021, 12, 7), "de")
    assert made(path).article.text == BODY


def test_html_leaves_the_page_behind(tmp_path: Path) -> None:
    """Take the article out of its page, with what the page says of it."""
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    reading = made(path)
    source = reading.article.source
    assert (source.title, source.publisher) == ("Rostock baut seinen Hafen aus", "Küstenblatt")
    assert source.published == date(2021, 12, 7)
    assert source.url == "https://kueste.example/rostock"
    assert BODY in reading.article.text
    assert not any(word in reading.article.text for word in ("Startseite", "Impressum", "track"))


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "utf-8"), ("cp1252", "windows-1252"), ("utf-16", "utf-16")]
)
def test_html_of_any_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    """Read a page in the encoding it declares."""
    path = tmp_path / "a.htm"
    head = f'<head><meta charset="{name}">'
    path.write_bytes(PAGE.replace("<head>", head).replace("Kritiker", "Müßige „Bürger“").encode(encoding))
    assert "Müßige „Bürger“ halten das" in made(path).article.text


def test_cp1252_is_read_with_a_warning(tmp_path: Path) -> None:
    """Read an old Windows file and say what was assumed."""
    path = tmp_path / "a.txt"
    path.write_bytes(f"„Müßig“, sagte der Präsident. {BODY}".encode("cp1252"))
    reading = made(path)
    assert reading.article.text.startswith("„Müßig“, sagte der Präsident.")
    assert "cp1252" in reading.warnings[0]


def test_damaged_utf8_is_read_with_a_warning(tmp_path: Path) -> None:
    """Read all but the damage."""
    path = tmp_path / "a.txt"
    path.write_bytes("Müßig, sagte der Präsident. ".encode() + b"\xff" + BODY.encode())
    reading = made(path)
    assert BODY in reading.article.text
    assert "not valid UTF-8" in reading.warnings[0]


# -- what cannot ------------------------------------------------------------------------------------------


def test_an_unknown_format_is_named(tmp_path: Path) -> None:
    """Say what cannot be read, and what can."""
    path = tmp_path / "tabelle.xlsx"
    path.write_text("x")
    failure = failed(path)
    assert ".xlsx" in failure.message
    assert all(one in failure.hint for one in FORMATS)
    path = tmp_path / "ohne"
    path.write_text("x")
    assert "no suffix" in failed(path).message


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_an_empty_file_fails(tmp_path: Path, suffix: str) -> None:
    """Name an empty file of every format."""
    path = tmp_path / f"leer{suffix}"
    path.touch()
    assert "empty" in failed(path).message


@pytest.mark.parametrize("suffix", sorted(TEXTS))
@pytest.mark.parametrize("content", [b"   \n\n", "\u200b\ufeff".encode(), b"12 - 34 ..."])
def test_a_file_without_words_fails(tmp_path: Path, suffix: str, content: bytes) -> None:
    """Name a file that has bytes, but no word."""
    path = tmp_path / f"leer{suffix}"
    path.write_bytes(content)
    assert failed(path).message in ("it holds no text", "no article was found on the page")


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_a_binary_file_fails(tmp_path: Path, suffix: str) -> None:
    """Name a picture that calls itself an article."""
    path = tmp_path / f"bild{suffix}"
    path.write_bytes(b"\x89PNG\r\n\x1a" + bytes(range(256)).replace(b"\n", b"") * 20)
    assert "binary" in failed(path).message or table.suffix(path.name) not in TEXTS + DUMPS


@pytest.mark.parametrize("suffix", sorted(PLAIN))
def test_fifty_megabytes_fail_unread(tmp_path: Path, suffix: str) -> None:
    """Name a file that is far too large, by its size."""
    path = tmp_path / f"gross{suffix}"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "50.0 MB" in failed(path).message


def test_a_text_over_the_limit_fails(tmp_path: Path) -> None:
    """Name a text that its file's size did not give away."""
    path = tmp_path / "lang.txt"
    path.write_text("Wort " * (LIMIT // 5 + 10), encoding="utf-8")
    failure = failed(path)
    assert "100,000" in failure.message
    assert "RAG_ARTICLE_MB" in failure.hint


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("title: Putin: kein Angriff", "not YAML"),
        ("- eins", "no list of"),
        ("published: gestern", "`published` is no date: 'gestern'"),
        ("published: 2021-13-45", "impossible date"),
        ("published: [2021]", "no date"),
    ],
)
def test_bad_front_matter_fails(tmp_path: Path, head: str, message: str) -> None:
    """Name front matter that is no YAML, no mapping, or holds a date that is none."""
    path = tmp_path / "a.md"
    path.write_text(f"---\n{head}\n---\n{BODY}", encoding="utf-8")
    assert message in failed(path).message


def test_unclosed_front_matter_fails(tmp_path: Path) -> None:
    """Name front matter that never ends instead of quoting it."""
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: Hafen\n{BODY}", encoding="utf-8")
    assert "not closed" in failed(path).message


@pytest.mark.parametrize(
    "page", ["<html><body></body></html>", "<html><body><script>app()</script></body></html>"]
)
def test_a_page_without_an_article_fails(tmp_path: Path, page: str) -> None:
    """Name a page that holds no article."""
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    assert "no article" in failed(path).message


def test_a_file_name_that_is_not_unicode_is_read(tmp_path: Path) -> None:
    """Read a file whatever bytes its name is made of; id and origin can be stored."""
    path = tmp_path / os.fsdecode(b"gr\xfcn.txt")
    path.write_text(BODY, encoding="utf-8")
    source = made(path, path.name).article.source
    assert source.id == "gr\ufffdn.txt"
    assert source.origin.encode().endswith(b".txt")


def test_a_missing_file_fails(tmp_path: Path) -> None:
    """Name a file that has gone since it was found."""
    assert "cannot be read" in failed(tmp_path / "weg.txt").message


def test_a_folder_in_the_place_of_a_file_fails(tmp_path: Path) -> None:
    """Name what has a file's name and is none."""
    path = tmp_path / "ordner.jsonl"
    path.mkdir()
    assert "cannot be read" in failed(path).message


@given(st.binary(max_size=400), st.sampled_from(sorted(SUFFIXES)))
def test_reading_never_raises_for_bad_input(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    """Demand readings and failures, and no exception, for any bytes of any format."""
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(content)
    for result in read(path, "a", LIMIT):
        assert isinstance(result, Reading | Failure)


def test_article_text_is_canonical() -> None:
    """Demand that offsets are counted in the canonical text."""
    text = "A\u00adbc\u00a0de.\r\n\r\n\r\nMu\u0308ller"
    assert article({"id": "a"}, text, "", LIMIT).text == "Abc de.\n\nMüller"


@pytest.mark.parametrize(
    ("stated", "language"),
    [("de-AT", "de"), ("EN_us", "en"), ("Deutsch", "de"), ("English", "en"), ("fr", "fr"), ("Text", "de")],
)
def test_a_stated_language_becomes_its_code(stated: str, language: str, tmp_path: Path) -> None:
    """Take codes and the names of both languages; detect where what is stated is neither."""
    path = tmp_path / "a.md"
    path.write_text(f"---\nlanguage: {stated}\n---\n{BODY}\n", encoding="utf-8")
    assert made(path).article.source.language == language


@pytest.mark.parametrize(
    ("text", "language"),
    [(BODY, "de"), ("The harbour of Rostock will be enlarged, the minister said on Tuesday.", "en")],
)
def test_language_is_detected(text: str, language: str, write: Callable[[str, str], Path]) -> None:
    """Detect the language where nothing says it."""
    assert made(write("a.txt", text)).article.source.language == language
