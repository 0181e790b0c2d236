"""Check that a statement is held against the sentences it cites, whoever wrote it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from rag.answer.checks import support
from rag.answer.checks.judging import judged
from rag.answer.checks.support import Checker
from rag.answer.evidence import Cited
from rag.evaluate.support import figures, read_pairs
from rag.resources import folder
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.lexical.lexicon import bundled
from rag.schema import Source, Span

SOURCE = Source(
    id="a", title="Brücke gesperrt", language="de", publisher="Blatt", published=date(2023, 3, 15)
)


def cited(text: str, before: str = "", source: Source = SOURCE) -> Cited:
    """Return a sentence of an article."""
    return Cited(source, Span(0, len(text)), text, before)


BRIDGE = cited("Der Stadtrat von Lübeck bewilligte am Dienstag rund 12,5 Millionen Euro für die Petribrücke.")
RAIL = cited("Die Bahn will die Strecke nach Kiel bis 2027 ausbauen.")


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    """Return the checker with the bundled model."""
    yield Checker(open_embedder(None, threads=1).encode, bundled(), support.bundled())


@pytest.mark.parametrize(
    ("language", "statement"),
    [
        ("de", "Lübecks Stadtrat bewilligte 12,5 Mio. Euro für die Petribrücke [1]."),
        ("en", "On 14 March 2023 the Lübeck council approved about 12.5 million euros for the bridge [1]."),
        ("de", "„Bewilligte am Dienstag rund 12,5 Millionen Euro“, heißt es vom Stadtrat zur Petribrücke."),
    ],
)  # fmt: skip
def test_what_a_sentence_says_is_supported(checker: Checker, language: str, statement: str) -> None:
    """Accept it in other words and in the other language."""
    verdict = checker.check(statement, language, [BRIDGE])
    assert (verdict.missing, verdict.supported, verdict.reason(language)) == ((), True, "")


@pytest.mark.parametrize("written", ["US President", "U.S. President", "United States President"])
def test_a_country_within_a_german_word_is_named(checker: Checker, written: str) -> None:
    """Take "US" in "US-Präsident" for what English writes apart."""
    sentence = cited("US-Präsident Joe Biden sprach am Dienstag mit Wladimir Putin.")
    verdict = checker.check(f"{written} Joe Biden spoke with Vladimir Putin on Tuesday.", "en", [sentence])
    assert verdict.missing == ()
    other = cited("Präsident Joe Biden sprach am Dienstag mit Wladimir Putin.")
    found = checker.check(f"{written} Joe Biden spoke with Vladimir Putin on Tuesday.", "en", [other])
    assert [one.text for one in found.missing] == ["USA"]


READ = (
    "US-Präsident Joe Biden sprach lange. Es stritten SPD-Chef Klingbeil und CDU-Chef Friedrich Merz."
    " Der russische Außenminister Sergej Lawrow schwieg."
)


@pytest.mark.parametrize(
    ("language", "statement", "sentence", "missing"),
    [
        ("de", "US-Präsident Joe Biden drohte mit Strafen.", "Biden drohte mit Strafen.", []),
        ("en", "U.S. President Joe Biden threatened penalties.", "Biden drohte mit Strafen.", []),
        ("de", "CDU-Chef Merz lehnte das Gesetz ab.", "Merz lehnte das Gesetz ab.", []),
        ("en", "CDU leader Friedrich Merz rejected the law.", "Merz lehnte das Gesetz ab.", []),
        ("de", "SPD-Chef Merz lehnte das Gesetz ab.", "Merz lehnte das Gesetz ab.", ["SPD"]),
        ("de", "US-Außenminister Lawrow lehnte das Gesetz ab.", "Lawrow lehnte das Gesetz ab.", ["USA"]),
        (
            "de",
            "US-Präsident Joe Biden lehnte das Gesetz ab.",
            "Merz lehnte das Gesetz ab.",
            ["USA", "Joe Biden"],
        ),
        ("en", "The United States rejected the law.", "Biden lehnte das Gesetz ab.", ["USA"]),
    ],
)
def test_an_office_may_stand_elsewhere_in_what_was_read(
    checker: Checker, language: str, statement: str, sentence: str, missing: list[str]
) -> None:
    """Look for whose office someone holds where the article tells it, and for all else in the sentence."""
    one = replace(cited(sentence), read=f"{READ} {sentence}")
    assert [miss.text for miss in checker.check(statement, language, [one]).missing] == missing


@pytest.mark.parametrize(
    ("statement", "kind", "said"),
    [
        (
            "Der Stadtrat von Lübeck bewilligte 21,5 Millionen Euro für die Petribrücke.",
            "figure",
            "21,5 Mill",
        ),
        ("Der Stadtrat von Rostock bewilligte 12,5 Millionen Euro für die Petribrücke.", "name", "Rostock"),
        ("Der Stadtrat von Lübeck bewilligte am 2. März Geld für die Petribrücke.", "date", "2. März"),
        ("Der Stadtrat von Lübeck „will die Petribrücke bald abreißen“ lassen.", "quote", "will die"),
    ],
)
def test_what_a_sentence_does_not_hold_is_named(
    checker: Checker, statement: str, kind: str, said: str
) -> None:
    """Say in words what is missing, and give less support than the threshold."""
    verdict = checker.check(statement, "de", [BRIDGE])
    assert not verdict.supported
    assert [one.kind for one in verdict.missing] == [kind]
    assert said in verdict.reason("de")
    assert said in verdict.reason("en")
    assert verdict.support < support.bundled().threshold


def missing(checker: Checker, statement: str, sentence: str, language: str = "de") -> list[tuple[str, str]]:
    """Return what a statement says and one sentence in its language does not hold."""
    held = cited(sentence, source=replace(SOURCE, language=language))
    return [(one.kind, one.text) for one in checker.check(statement, language, [held]).missing]


@pytest.mark.parametrize("said", ["9. Dezember 2021: Putin sprach.", "- 9. Dez. 2021: Putin sprach."])
def test_the_day_that_begins_a_line_is_no_number_of_a_list(checker: Checker, said: str) -> None:
    """Check the date of each entry of a timeline."""
    assert [kind for kind, _ in missing(checker, said, "Putin sprach am 7. Dezember 2021.")] == ["date"]
    assert missing(checker, said, "Putin sprach am 9. Dezember 2021.") == []
    assert missing(checker, "9. Putin sprach.", "Putin sprach.") == []


@pytest.mark.parametrize(
    ("language", "statement", "sentence", "quotes"),
    [
        ("de", 'Es sei "falsch", und es gelte, damit "Panik" zu schüren.', "Es sei „falsch“ und „Panik“.", 0),
        ("de", "Es sei »falsch«, und es gelte, damit »Panik« zu schüren.", "Es sei „falsch“ und „Panik“.", 0),
        ("de", "Es hieß: ‚Das war niemals geplant‘.", "Es hieß: „Das war geplant.“", 1),
        ("de", "Es hieß: ›Das war niemals geplant‹.", "Es hieß: „Das war niemals geplant.“", 0),
        ("en", "He said: ‘It didn’t happen by chance’.", "He said: “It didn't happen by chance.”", 0),
        ("en", "He said: ‘It didn’t happen by chance’.", "He said it didn't happen by accident.", 1),
        ("de", "Es hieß: „Der Krieg ist nah“.", "Es hieß, der Krieg ist nahezu vorbei.", 1),
    ],
)  # fmt: skip
def test_a_quotation_stands_between_marks_of_a_kind_and_holds_whole_words(
    checker: Checker, language: str, statement: str, sentence: str, quotes: int
) -> None:
    """Check what is quoted, in marks of every kind, and not what stands between two quotations."""
    found = missing(checker, statement, sentence, language)
    assert [kind for kind, _ in found] == ["quote"] * quotes


def test_who_he_is_may_stand_in_the_sentence_before(checker: Checker) -> None:
    """Look for a name where the sentence says "he", and nowhere else."""
    demand, named = "forderte niedrigere Steuern für kleine Betriebe.", "Lindner sprach am Abend."
    said = f"Lindner {demand}"
    assert checker.check(said, "de", [cited(f"Er {demand}", named)]).supported
    assert not checker.check(said, "de", [cited(f"Merz {demand}", named)]).supported


@pytest.mark.parametrize(
    ("language", "statement", "other", "sentence"),
    [
        ("de", "Rund 100.000 Soldaten stehen an der Grenze.", "en",
         "About 100,000 soldiers are stationed at the border."),
        ("de", "Der Hof liegt 30 Kilometer vor Lübeck.", "en", "The farm is 30 km from Lübeck."),
        ("de", "Die Brücke kostete 6,1 Mio. US-Dollar.", "en", "The bridge cost $6.1 million."),
        ("en", "The US confirmed the call.", "de", "Die Vereinigten Staaten bestätigten das Gespräch."),
        ("en", "The United Nations confirmed it.", "de", "Die UN bestätigten es."),
        ("de", "Die Europäische Zentralbank senkte die Zinsen.", "en", "The ECB cut rates."),
        ("en", "The Federal Constitutional Court ruled.", "de", "Das Bundesverfassungsgericht urteilte."),
    ],
)  # fmt: skip
def test_measures_name_nobody_and_states_have_two_names(
    checker: Checker, language: str, statement: str, other: str, sentence: str
) -> None:
    """Miss no name where a capital letter begins a measure, or where a body is called otherwise."""
    held = Cited(replace(BRIDGE.source, language=other), Span(0, len(sentence)), sentence)
    assert checker.check(statement, language, [held]).missing == ()


@pytest.mark.parametrize("day", ["March 14", "14 Mar 2023", "the 14th of March", "3/14/2023", "Tuesday"])
def test_a_date_that_stands_in_the_sentence_speaks_for_the_statement(checker: Checker, day: str) -> None:
    """Support the same statement whichever way its date is written, and never with another date."""
    said = "On {} the council of Lübeck approved 12.5 million euros for the Petribrücke."
    assert checker.check(said.format(day), "en", [BRIDGE]).supported
    assert not checker.check(said.format("March 15"), "en", [BRIDGE]).supported


def test_two_sentences_carry_a_statement_together(checker: Checker) -> None:
    """Take the facts of all that is cited."""
    said = "Lübecks Stadtrat bewilligte 12,5 Millionen Euro, die Strecke nach Kiel wird bis 2027 ausgebaut."
    assert not checker.check(said, "de", [BRIDGE]).supported
    assert checker.check(said, "de", [BRIDGE, RAIL]).missing == ()


def test_a_sentence_is_found_for_a_statement_without_one(checker: Checker) -> None:
    """Set a marker, say that it was found, and mark what nothing carries."""
    text = "Die Strecke nach Kiel will die Bahn bis 2027 ausbauen. Die Oper bleibt im Sommer geschlossen."
    made = judged(text, "de", [], [BRIDGE, RAIL], checker)
    assert made.text == text.replace("ausbauen.", "ausbauen [1].")
    (citation,) = made.citations
    assert (citation.quote, citation.found) == (RAIL.text, True)
    assert [one.supported for one in made.statements] == [True, False]
    assert made.statements[1].reason


def test_entailment_replaces_likeness() -> None:
    """Ask the entailment model with the cited text as premise."""
    asked: list[tuple[str, str]] = []

    def entail(premise: str, hypothesis: str) -> float:
        asked.append((premise, hypothesis))
        return 0.3

    def encode(texts: object) -> object:
        raise AssertionError("no vectors are needed")

    checker = Checker(encode, bundled(), support.bundled(), entail)  # type: ignore[arg-type]
    verdict = checker.check("Der Stadtrat lehnte das ab [1].", "de", [BRIDGE])
    assert not verdict.supported
    assert asked == [(BRIDGE.text, "Der Stadtrat lehnte das ab.")]


def test_the_shipped_pairs_are_judged_as_the_calibration_says(checker: Checker) -> None:
    """Hold the figures that the documentation gives."""
    pairs = read_pairs(folder("data") / "questions" / "support.jsonl")
    assert len(pairs) >= 120
    report = figures(pairs, [checker.check(p.statement, p.language, [p.cited]).supported for p in pairs])
    assert report["precision"] >= 0.9
    assert report["recall"] >= 0.9
    assert report["wrong_figure"]["judged rightly"] >= 0.95


def test_the_title_and_the_publisher_name_too(checker: Checker) -> None:
    """Accept the paper as who said it."""
    source = replace(SOURCE, publisher="Ostsee-Kurier")
    said = "Laut Ostsee-Kurier will die Bahn die Strecke nach Kiel bis 2027 ausbauen."
    assert checker.check(said, "de", [cited(RAIL.text, source=source)]).supported
