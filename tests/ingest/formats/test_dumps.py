"""Check dumps, an article a line: whose columns hold what, and what is wrong with a line."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.outcomes import Failure, Reading
from rag.ingest.reading import read
from tests.ingest.formats.files import FIRST, LIMIT, SECOND, TITLE, everything, one
from tests.ingest.test_reading import BODY, made


def test_csv_with_a_column_mapping(tmp_path: Path) -> None:
    """Read rows by the names that are given, and by other names that are common."""
    content = f'nr;Überschrift;Volltext;date\n1;{TITLE};"{FIRST}\n\n{SECOND}";2021-12-07\n2;Leer;;\n'
    made = everything(
        tmp_path / "a.csv", content.encode("cp1252"), text="Volltext", title="Überschrift", id="nr"
    )
    first, failure = made
    assert isinstance(first, Reading) and isinstance(failure, Failure)
    source = first.article.source
    assert (source.id, source.title, str(source.published)) == ("1", TITLE, "2021-12-07")
    assert first.article.text == f"{FIRST}\n\n{SECOND}"


def test_csv_as_an_office_exports_it(tmp_path: Path) -> None:
    """Know German names of columns, with blanks around them and a column without one; name a row without text."""
    content = f"\ufeff Titel ;Artikeltext;Erscheinungsdatum;Medium;;Autor/in\r\n{TITLE};{FIRST};07.12.2021;Küstenblatt;x;Tom Hale\r\nLeer;;;;;\r\n"
    first, failure = everything(tmp_path / "a.csv", content.encode())
    assert isinstance(first, Reading) and isinstance(failure, Failure)
    source = first.article.source
    assert (source.title, source.publisher, source.author) == (TITLE, "Küstenblatt", "Tom Hale")
    assert str(source.published) == "2021-12-07"
    assert failure.message == "the row has no text"


@pytest.mark.parametrize(
    "value",
    ["07.12.2021", "7. Dezember 2021", "December 7, 2021", "Tue, 07 Dec 2021 20:15:00 GMT", "2021/12/07 20:15", "07/12/2021",
     1638907200, 1638907200000],
)  # fmt: skip
def test_the_day_of_a_record_in_any_form(tmp_path: Path, value: object) -> None:
    """Understand days as dumps write them, where no other day can be meant."""
    (made,) = everything(tmp_path / "a.jsonl", json.dumps({"text": FIRST, "date": value}).encode())
    assert isinstance(made, Reading)
    assert str(made.article.source.published) == "2021-12-07"


@pytest.mark.parametrize("value", ["07/12/2021", "gestern", 7, True, "99.99.2021"])
def test_a_day_that_may_be_another_is_named(tmp_path: Path, value: object) -> None:
    """Refuse what is no day, and in English text what may be July or December."""
    text = "The port of Rostock will be widened, as the state announced in Schwerin, and the critics object."
    (failure,) = everything(tmp_path / "a.jsonl", json.dumps({"text": text, "published": value}).encode())
    assert isinstance(failure, Failure)
    assert "is no date" in failure.message


def test_jsonl_with_other_names(tmp_path: Path) -> None:
    """Know the common names of fields, prefer ours, take the given ones first."""
    record = {"headline": TITLE, "content": FIRST, "x": SECOND}
    path = tmp_path / "a.jsonl"
    (plain,) = everything(path, json.dumps(record).encode())
    (mapped,) = everything(path, json.dumps(record).encode(), text="x")
    assert isinstance(plain, Reading) and isinstance(mapped, Reading)
    assert (plain.article.source.title, plain.article.text, mapped.article.text) == (TITLE, FIRST, SECOND)


def test_html_in_a_record_is_read_as_a_page(tmp_path: Path) -> None:
    """Take the markup off a text that is a piece of a page."""
    markup = f"<p>{FIRST}</p><p><b>{SECOND}</b><br>Müller &amp; Co. <i>schweigen</i> dazu.</p>"
    made = one(tmp_path / "a.jsonl", json.dumps({"id": "1", "title": TITLE, "text": markup}).encode())
    assert made.article.text.split("\n\n")[:3] == [FIRST, SECOND, "Müller & Co. schweigen dazu."]


def test_csv_without_a_text_names_its_columns(tmp_path: Path) -> None:
    """Say what there is and how to name the column."""
    (failure,) = everything(tmp_path / "a.csv", b"a,b\n1,2\n")
    assert isinstance(failure, Failure)
    assert "a, b" in failure.message
    assert "--map" in failure.hint


def test_dump(tmp_path: Path) -> None:
    """Read an article a line, with the fields that stand there, and blank lines in between."""
    path = tmp_path / "a.jsonl"
    full = {
        "id": "x/1", "text": BODY, "title": "Hafen", "publisher": "Küstenblatt", "author": "Anna",
        "published": "2021-12-07T10:00:00Z", "url": "https://kueste.example/1", "language": "EN",
    }  # fmt: skip
    path.write_text(f"{json.dumps(full)}\n\n{json.dumps({'id': 7, 'text': BODY})}\n", encoding="utf-8")
    first, second = read(path, "unused", LIMIT)
    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    source = first.article.source
    assert (source.id, source.title, source.publisher, source.author) == (
        "x/1",
        "Hafen",
        "Küstenblatt",
        "Anna",
    )
    assert (source.published, source.url) == (date(2021, 12, 7), "https://kueste.example/1")
    assert (source.language, source.origin) == ("en", str(path))
    assert (first.where, second.where) == (f"{path}:1", f"{path}:3")
    assert second.article.id == "7"


def test_dump_lines_without_an_id_get_a_stable_one(tmp_path: Path) -> None:
    """Name an article by its address, else by its text, wherever in the dump it stands."""
    lines = [{"text": BODY, "url": "https://kueste.example/1"}, {"text": BODY + " Ende."}]
    ids = []
    for order in (lines, lines[::-1]):
        path = tmp_path / "a.jsonl"
        path.write_text("\n".join(map(json.dumps, order)), encoding="utf-8")
        ids.append({result.article.id for result in read(path, "", LIMIT) if isinstance(result, Reading)})
    assert ids[0] == ids[1]
    assert len(ids[0]) == 2
    assert "https://kueste.example/1" in ids[0]


def test_a_large_dump_of_small_articles_is_no_failure(tmp_path: Path) -> None:
    """Bound the articles of a dump, not the dump."""
    path = tmp_path / "gross.jsonl"
    lines = [json.dumps({"id": n, "text": BODY * 20}) for n in range(200)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert path.stat().st_size > 4 * LIMIT
    assert all(isinstance(result, Reading) for result in read(path, "", LIMIT))


BAD_LINES = {
    "broken": '{"id": "1", "text": "abgeschnit',
    "no object": '["text"]',
    "a string": '"text"',
    "null": "null",
    "no text": '{"id": "1"}',
    "text is no string": '{"id": "1", "text": 5}',
    "blank text": '{"id": "1", "text": "  "}',
    "bad date": json.dumps({"id": "1", "text": BODY, "published": "gestern"}),
    "date is a number": json.dumps({"id": "1", "text": BODY, "published": 20211307}),
    "too long": json.dumps({"id": "1", "text": "Wort " * LIMIT}),
    "too deep": "[" * 100_000,
    "too long a line": '{"id": "1", "text": "' + "x" * 9 * LIMIT + '"}',
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=list(BAD_LINES))
def test_a_bad_line_of_a_dump_fails_alone(tmp_path: Path, line: str) -> None:
    """Name the line, and read those above and below it."""
    path = tmp_path / "a.jsonl"
    good = [json.dumps({"id": name, "text": BODY}) for name in ("oben", "unten")]
    path.write_text("\n".join([good[0], line, good[1]]), encoding="utf-8")
    above, bad, below = read(path, "", LIMIT)
    assert isinstance(above, Reading)
    assert isinstance(below, Reading)
    assert isinstance(bad, Failure)
    assert bad.where == f"{path}:2"
    assert bad.hint


def test_half_characters_are_replaced(tmp_path: Path) -> None:
    """Read a line whose JSON escapes were cut in half; no database could store what they mean."""
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": "1\\udc80", "title": "T\\ud83d", "text": "Zehn \\ud800 Worte."}', encoding="utf-8"
    )
    reading = made(path)
    assert reading.article.text == "Zehn \ufffd Worte."
    assert (reading.article.id, reading.article.source.title) == ("1\ufffd", "T\ufffd")


def test_an_id_that_stands_twice_fails(tmp_path: Path) -> None:
    """Keep the first line of an id and name the second with the place of the first."""
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": "1", "text": f"{n}. {BODY}"}) for n in range(3)]
    path.write_text("\n".join(lines), encoding="utf-8")
    first, *others = read(path, "", LIMIT)
    assert isinstance(first, Reading)
    assert first.article.text.startswith("0.")
    assert [other.where for other in others] == [f"{path}:2", f"{path}:3"]
    assert all(isinstance(other, Failure) and "line 1" in other.message for other in others)


FIELD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.lists(st.text(max_size=5))
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "publisher", "author", "url", "language", "published"]), FIELD
    )
)
def test_fields_of_any_kind_become_text_or_a_failure(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object]
) -> None:
    """Demand one result for a dump's line with fields of any JSON type, and clean lines in it."""
    path = tmp_path_factory.getbasetemp() / "fields.jsonl"
    path.write_text(json.dumps(fields | {"text": BODY}), encoding="utf-8")
    (result,) = read(path, "", LIMIT)
    if isinstance(result, Reading):
        source = result.article.source
        assert source.id
        assert source.title
        for value in (source.title, source.publisher, source.author, source.url, source.language):
            assert value is None or (isinstance(value, str) and value and "\n" not in value)
