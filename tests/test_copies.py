"""Check that articles that tell the same are known as such, and take one place among the hits."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.archive import Archive
from rag.ingest.chunking import passages
from rag.library import Library
from rag.likeness import components, figures, likeness
from rag.schema import Article, Filter, Source
from rag.settings import Settings

LEAD = (
    "Der Hafen von Rostock bekommt im Frühjahr neue Kräne, teilte das Verkehrsministerium am Dienstag mit. "
    "Damit sollen Schiffe schneller entladen werden als bisher, sagte der Minister vor Journalisten. "
    "Die Arbeiten kosten 48 Millionen Euro und dauern nach den Plänen des Landes zwei Jahre.\n\n"
)
BODY = (
    "Umweltverbände kritisierten das Vorhaben scharf und verwiesen auf die Brutplätze am Ufer. "
    "Die Hafengesellschaft wies das zurück; man habe die Brutzeiten berücksichtigt, hieß es dort. "
    "Der Stadtrat hatte dem Ausbau nach langer Debatte mit knapper Mehrheit zugestimmt. "
    "Auch die Gewerkschaft begrüßte die Entscheidung und sprach von einem guten Tag für die Küste. "
    "Wann die ersten Kräne aus dem Werk geliefert werden, blieb zunächst offen."
)
AGENCY = LEAD + BODY
MASTHEAD = (
    "Küstenblatt\nStand: 08.12.2021, 10:22 Uhr\n\nNeue Kräne für Rostock\n\n"
    f"ROSTOCK, 8. Dezember (dpa) – {AGENCY}\n\nMit Material der dpa."
)
CORRECTED = AGENCY.replace("48 Millionen", "84 Millionen")
UPDATED = (
    AGENCY
    + "\n\nAm Mittwoch meldete sich auch der Bund zu Wort und sagte Zuschüsse von 12 Millionen Euro zu. "
    "Der Haushaltsausschuss will darüber im Januar beraten, wie eine Sprecherin mitteilte."
)
OTHER = (
    "Das Museum in Wismar zeigt von Sonntag an Bilder der Ostsee aus drei Jahrhunderten. "
    "Die Leihgaben kommen aus Stockholm, Riga und Danzig, wie die Kuratorin bei der Eröffnung erklärte. "
    "Der Eintritt ist am ersten Wochenende für alle frei, Führungen gibt es zu jeder vollen Stunde."
)
VARIANTS = [AGENCY, MASTHEAD, CORRECTED, UPDATED, OTHER, AGENCY.replace("scharf ", ""), "Kurz und knapp."]


def same(one: str, other: str) -> bool:
    """Tell whether two texts share a cluster."""
    first, second = likeness(one), likeness(other)
    return (
        bool(set(first.bands) & set(second.bands))
        and len(components([first.signature, second.signature])) == 1
    )


def test_another_masthead_is_the_same_text() -> None:
    """See through name, time, headline, dateline and credit; and through a word or two."""
    assert same(AGENCY, MASTHEAD)
    assert same(AGENCY, AGENCY.replace("scharf ", "").replace("vor Journalisten", "in Schwerin"))
    assert same(AGENCY, AGENCY.upper())


def test_other_figures_are_another_text() -> None:
    """Never take a correction or an update for a copy, however little else is changed."""
    assert not same(AGENCY, CORRECTED)
    assert not same(AGENCY, UPDATED)
    assert not same(AGENCY, AGENCY.replace("zwei Jahre", "drei Jahre"))
    assert not same(AGENCY, OTHER)
    assert not same(AGENCY, LEAD)


def test_short_texts_are_like_no_other() -> None:
    """Do not compare what has too few words to tell."""
    assert likeness("Kurz und knapp.").bands == likeness("").bands == ()


def test_figures_are_those_of_sentences() -> None:
    """Read digits and number words, not the masthead's, the credit's or the dateline's."""
    assert figures(AGENCY) == {"48", "zwei"}
    assert figures(MASTHEAD) == figures(AGENCY)
    assert figures("Foto: Müller 2021\n© 2021 dpa\n12.30 Uhr") == set()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Return an empty archive."""
    opened = Archive.in_folder(tmp_path)
    yield opened
    opened.close()


def put(archive: Archive, texts: dict[str, str]) -> None:
    """Write articles and compare them, as indexing does."""
    made = [Article(Source(id=one, title=one, language="de"), text) for one, text in texts.items()]
    archive.stage([(one, passages(one, 130)) for one in made])
    while rows := archive.unrelated(2):
        archive.relate({key: likeness(text) for key, text in rows})
    archive.confirm()


def partition(archive: Archive, ids: list[str]) -> set[frozenset[str]]:
    """Return the clusters as sets of ids."""
    clusters = archive.clusters(ids)
    return {frozenset(one for one in clusters if clusters[one] == cluster) for cluster in clusters.values()}


IDS = st.sampled_from("abcdef")
STEPS = st.lists(st.tuples(IDS, st.none() | st.sampled_from(VARIANTS)), max_size=14)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_clusters_depend_on_the_articles_alone(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None]]
) -> None:
    """Add, replace and remove in any order: the clusters are those of a collection made at once."""
    archive = Archive.in_folder(tmp_path_factory.mktemp("archive"))
    there: dict[str, str] = {}
    for one, text in steps:
        if text is not None:
            put(archive, {one: text})
            there[one] = text
        elif there.pop(one, None) is not None:
            archive.stage_removal([one])
            archive.confirm()
    fresh = Archive.in_folder(tmp_path_factory.mktemp("fresh"))
    put(fresh, there)
    expected = {
        frozenset(other for other in there if same(there[one], there[other]))
        for one in there
        if len([other for other in there if same(there[one], there[other])]) > 1
    }
    assert partition(archive, list(there)) == partition(fresh, list(there)) == expected
    archive.close()
    fresh.close()


def test_members_are_named_earliest_first(archive: Archive) -> None:
    """Name all articles of a cluster that are indexed."""
    put(archive, {"b": AGENCY, "a": MASTHEAD, "c": OTHER})
    cluster = archive.clusters(["a", "b", "c", "weg"])
    assert set(cluster) == {"a", "b"}
    assert [one.id for one in archive.members(cluster["a"])] == ["a", "b"]


# -- among the hits -----------------------------------------------------------------------------------------


def write_dump(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write articles as a dump."""
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


ROWS = [
    {"id": "plain", "title": "Neue Kräne", "text": AGENCY},
    {
        "id": "late",
        "title": "Neue Kräne",
        "text": AGENCY,
        "publisher": "Abendpost",
        "published": "2021-12-09",
    },
    {
        "id": "early",
        "title": "Neue Kräne",
        "text": AGENCY,
        "publisher": "Küstenblatt",
        "published": "2021-12-08",
    },
    {"id": "corrected", "title": "Neue Kräne", "text": CORRECTED, "published": "2021-12-10"},
    {"id": "museum", "title": "Ostsee im Museum", "text": OTHER, "published": "2021-12-08"},
]
QUESTION = "Was kosten die neuen Kräne im Hafen von Rostock?"


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return an agency text in three outlets, its correction, and another article."""
    folder = tmp_path_factory.mktemp("press")
    with Library.open(Settings(store=folder / "store", _env_file=None), create=True) as library:
        library.index([write_dump(folder / "a.jsonl", ROWS)])
        yield library


def test_copies_take_one_place_and_are_named(press: Library) -> None:
    """Keep of equals the one of which most is known, then the earliest; keep the correction apart."""
    hits = press.search(QUESTION)
    assert {hit.source.id for hit in hits} == {"early", "corrected", "museum"}
    also = {hit.source.id: [one.id for one in hit.also_in] for hit in hits}
    assert also == {"early": ["late", "plain"], "corrected": [], "museum": []}
    assert [one.id for one in press.also_in("plain")] == ["early", "late"]
    assert press.also_in("museum") == press.also_in("weg") == []


def test_citations_name_the_copies(press: Library) -> None:
    """Say with a quote where else it stands, in the JSON too."""
    from rag.answer import export

    answer = press.ask(QUESTION, filter=Filter(until=date(2021, 12, 9)))  # before the correction
    cited = {one.source.id: one for one in answer.citations}
    assert [one.id for one in cited["early"].also_in] == ["late", "plain"]
    made = export.outcome(answer)
    assert {one["article"] for line in made["citations"] for one in line["also_in"]} == {"late", "plain"}
    assert made["passages"][0].keys() >= {"also_in"}


def test_a_filter_keeps_the_copy_it_admits(press: Library) -> None:
    """Show the outlet asked for, and name the others beside it."""
    hits = press.search(QUESTION, filter=Filter(publishers=("Abendpost",)))
    assert {hit.source.id for hit in hits} == {"late"}
    assert [one.id for one in hits[0].also_in] == ["early", "plain"]


def test_a_flood_of_copies_leaves_room_for_others(empty: Library, tmp_path: Path) -> None:
    """Find k others behind more copies than there are candidates, and forget copies that are removed."""
    rows = [{"id": f"copy{n:03}", "title": "Neue Kräne", "text": AGENCY} for n in range(220)]
    empty.index([write_dump(tmp_path / "a.jsonl", [*rows, *ROWS[3:]])])
    hits = empty.search(QUESTION, 3)
    assert {hit.source.id for hit in hits} == {"copy000", "corrected", "museum"}
    empty.remove([f"copy{n:03}" for n in range(219)])
    assert empty.also_in("copy219") == []
    assert empty.search(QUESTION, 1)[0].also_in == ()


def test_a_store_of_an_earlier_version_is_compared_on_opening(tmp_path: Path) -> None:
    """Compare what was never compared, once."""
    import sqlite3

    chosen = Settings(store=tmp_path / "store", _env_file=None)
    with Library.open(chosen, create=True) as library:
        library.index([write_dump(tmp_path / "a.jsonl", ROWS)])
        before = library.search(QUESTION)
    with sqlite3.connect(chosen.store / "articles.sqlite") as db:
        db.executescript(
            "DELETE FROM bands; DELETE FROM signatures; UPDATE articles SET likeness=NULL, cluster=NULL"
        )
    db.close()
    with Library.open(chosen) as library:
        assert library.search(QUESTION) == before
