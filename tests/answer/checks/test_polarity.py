"""Check whether it is seen that a statement says the opposite of what it cites."""

import pytest

from rag import resources
from rag.answer.checks import support
from rag.answer.checks.support import Checker
from rag.answer.evidence import Cited
from rag.evaluate.support import Pair, read_pairs
from rag.language import detect
from rag.retrieve.lexical import lexicon
from rag.schema import Source, Span

FOLDER = resources.folder("data") / "questions"


def silent() -> Checker:
    """Return the checker without its model, which has no part in this."""
    return Checker(lambda _: pytest.fail("nothing is embedded"), lexicon.bundled(), support.bundled())


def opposite(statement: str, *sentences: str) -> bool:
    """Tell whether a statement is called the opposite of the sentences it cites."""
    cited = [
        Cited(Source(id="a", title="", language=detect(one)), Span(0, len(one)), one) for one in sentences
    ]
    missing, _ = silent().missing(statement, detect(statement), cited)
    return any(one.kind == "opposite" for one in missing)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("Kiew stimmte dem Plan zu.", "Kiew lehnte den Plan am Dienstag ab."),
        ("Kyiv rejected the plan.", "Kiew hat dem Plan zugestimmt."),
        ("Moscow did not accept the offer.", "Moskau akzeptierte das Angebot."),
        ("The Kremlin confirmed the call.", "Der Kreml dementierte das Telefonat."),
        ("Die Preise sanken.", "Prices rose in May."),
        ("The talks have begun.", "The talks have not begun."),
        ("Die Gespräche haben nicht begonnen.", "Die Gespräche haben begonnen."),
    ],
)
def test_the_opposite_is_seen(statement: str, sentence: str) -> None:
    """See words that take the other side, and a negation that only one of the two has."""
    assert opposite(statement, sentence)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("Kiew lehnte den Plan ab.", "Kyiv did not accept the plan."),
        ("The Kremlin denied the call.", "Der Kreml bestritt das Telefonat."),
        ("Die Preise sanken.", "Prices rose in May, but fell in June."),
        ("The talks have begun.", "The talks have begun, though not in Geneva."),
        ("Es gab keine Einigung.", "Die Gespräche über eine Einigung scheiterten."),
        ("A date is not set.", "A date is still open."),
        ("Biden sprach mit Putin.", "Merkel war nicht dabei."),
        ("Scholz raised concerns about gas.", "Scholz voiced concerns about gas as deliveries fell."),
        ("Putin raised the issue.", "Putin, whose approval rating had dropped, spoke about the issue."),
        ("Scholz erhöhte den Druck auf Putin.", "Scholz drohte Putin, und in Berlin fielen die Preise."),
    ],
)
def test_no_opposite_is_seen_where_there_is_none(statement: str, sentence: str) -> None:
    """Stay silent where both deny, where both sides stand, and where another clause is negated."""
    assert not opposite(statement, sentence)


def test_one_sentence_that_agrees_is_enough() -> None:
    """Hold a statement against all it cites together."""
    assert not opposite("Die Preise sanken.", "Die Preise stiegen im Mai.", "Die Preise sanken im Juni.")


def seen(checker: Checker, pair: Pair) -> bool:
    """Tell whether the check calls a pair's statement the opposite of its sentence."""
    missing, _ = checker.missing(pair.statement, pair.language, [pair.cited])
    return any(one.kind == "opposite" for one in missing)


@pytest.mark.parametrize("file", ["support.jsonl", "support-unseen.jsonl", "support-polarity.jsonl"])
def test_supported_statements_are_never_called_reversed(file: str) -> None:
    """Demand precision on all labelled pairs, and that three in four reversals of the last file are seen."""
    checker = silent()
    pairs = read_pairs(FOLDER / file)
    assert not [pair.statement for pair in pairs if pair.kind == "supported" and seen(checker, pair)]
    reversals = [pair for pair in pairs if pair.kind == "reversed"]
    assert sum(seen(checker, pair) for pair in reversals) >= 0.75 * len(reversals)


def test_the_reason_says_so_in_both_languages() -> None:
    """Say in words what is the matter."""
    checker = silent()
    pair = next(one for one in read_pairs(FOLDER / "support-polarity.jsonl") if one.kind == "reversed")
    missing, claims = checker.missing(pair.statement, pair.language, [pair.cited])
    verdict = support.Verdict(0.0, False, missing)
    assert claims >= 0
    assert "Gegenteil" in verdict.reason("de")
    assert "opposite" in verdict.reason("en")
