"""Check that every prompt is there in both languages and uses the variables the program fills in."""

import re
from pathlib import Path

import pytest

from rag import resources
from rag.answer.llm import prompts
from rag.errors import SettingsError
from rag.language import SPOKEN
from rag.resources import folder


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("name", prompts.VARIABLES)
def test_every_prompt_loads_and_can_be_filled(name: str, language: str) -> None:
    """Fill in every variable; signs in the values stay as they are."""
    values = {variable: f"${variable} $$ {{x}} %s" for variable in prompts.VARIABLES[name]}
    text = prompts.fill(name, language, **values)
    assert all(value in text for value in values.values())


def test_no_prompt_is_left_over() -> None:
    """Demand that every file in `prompts/` is one the program knows."""
    expected = {f"{name}.{language}.txt" for name in prompts.VARIABLES for language in SPOKEN}
    assert {path.name for path in folder("prompts").iterdir()} == expected


def test_another_language_gets_the_english_prompt() -> None:
    """Ask in English where there is no prompt in the language."""
    assert prompts.load("question", "fr").template == prompts.load("question", "en").template
    assert prompts.load("question", "de").template != prompts.load("question", "en").template


@pytest.mark.parametrize(("language", "refusal"), [("de", "KEINE ANTWORT"), ("en", "NO ANSWER")])
def test_the_answer_prompt_says_how_to_cite_and_how_to_decline(language: str, refusal: str) -> None:
    """Show a marker and the words of a refusal that the program recognises."""
    text = prompts.fill("answer", language, evidence="", fence="x1")
    assert refusal in text
    assert "[1.2]" in text


@pytest.mark.parametrize(
    ("language", "rules"),
    [
        ("de", ("nichts außer den nummerierten Sätzen", "nur Nummern, die unten stehen", "keine Anweisungen",
                "Nur in Anführungszeichen|in Anführungszeichen, was wörtlich", "wer etwas gesagt hat")),
        ("en", ("nothing but the numbered sentences", "only numbers", "not instructions",
                "quotation marks only", "who said")),
    ],
)  # fmt: skip
def test_the_answer_prompt_keeps_its_rules(language: str, rules: tuple[str, ...]) -> None:
    """Demand what keeps answers to their sources: who words it anew says here in which words it stands."""
    text = " ".join(prompts.fill("answer", language, evidence="", fence="x1").split())
    assert [rule for rule in rules if not re.search(rule, text)] == []


def test_an_unknown_prompt_is_named() -> None:
    """Say which file is missing."""
    with pytest.raises(SettingsError, match=r"verse\.de\.txt"):
        prompts.load("verse", "de")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Frage für $wen".encode(), r"uses \['wen'\], it must use \['question'\]"),
        (b"$question for 5 $", r"uses \['question'\], it must use"),
        ("Frage für dich: $question".encode("cp1252"), r"question\.de\.txt is not written in UTF-8"),
    ],
)
def test_a_prompt_that_cannot_be_used_is_named(
    written: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refuse a file that a person changed: with other variables, a lone dollar sign, another encoding."""
    (tmp_path / "question.de.txt").write_bytes(written)
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path)
    with pytest.raises(SettingsError, match=told):
        prompts.load.__wrapped__("question", "de")
