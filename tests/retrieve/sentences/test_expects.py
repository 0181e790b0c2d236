"""Check what kind of answer a question asks for, and what a sentence has to offer."""

import pytest

from rag.retrieve.sentences.expects import expected, offers


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie viele Soldaten stehen an der Grenze?", "number"),
        ("How many troops are there?", "number"),
        ("Wie lange dauerte der Gipfel?", "duration"),
        ("How long did they talk?", "duration"),
        ("Wie lang ist die Leitung?", "duration"),
        ("Welcher Anteil der Wähler blieb zu Hause?", "percent"),
        ("What percentage of voters stayed at home?", "percent"),
        ("How much did it cost?", "money"),
        ("Wie teuer wird der Umbau?", "money"),
        ("Was kosten die Karten?", "money"),
        ("Wie hoch ist die Gebühr?", "money"),
        ("What was the price of the ticket?", "money"),
        ("What was the inflation rate in May?", "number"),
        ("Auf welchen Wert senkte die Bank den Zins?", "number"),
        ("Auf welchen Termin wurde die Reise verschoben?", "day"),
        ("To which date did she postpone it?", "day"),
        ("Welche vier Männer nannte er?", "list"),
        ("Which countries belong to it?", "list"),
        ("Which is the largest?", None),
        ("In which building did they meet?", "place"),
        ("Wann begann das Treffen?", "time"),
        ("In welchem Jahr war das?", "year"),
        ("In welchem \u200b\u200bJahr war das?", "year"),
        ("What year was it?", "year"),
        ("In welchem Jahrhundert war das?", "time"),
        ("When did it begin?", "time"),
        ("Wer war dabei?", "person"),
        ("Mit wem sprach er?", "person"),
        ("Who invited them?", "person"),
        ("Wo trafen sie sich?", "place"),
        ("In which city did they meet?", "place"),
        ("Warum sagte sie ab?", "reason"),
        ("Why did she cancel?", "reason"),
        ("Um wie viel Uhr begann es?", "time"),
        ("What time did it begin?", "time"),
        ("Since when is it closed?", "time"),
        ("What did Biden say when asked about Putin?", None),
        ("What happened when Putin met Biden?", None),
        ("Welchen Einsatz plant die Bundeswehr?", None),
        ("Welchen Grundsatz nannte er?", None),
        ("Auf welchen Steuersatz einigten sie sich?", "number"),
        ("Welche WHO-Experten kamen?", None),
        ("WHO-Chef Tedros, was forderte er?", None),
        ("Which US president met Putin?", None),
        ("Which US senators met Putin?", "list"),
        ("Which process was used?", None),
        ("Weswegen sagte sie ab?", "reason"),
        ("Aus welchem Grund sagte sie ab?", "reason"),
        ("What was the reason for the delay?", "reason"),
        ("What did Putin demand?", None),
        ("Wie reagierte Kiew?", None),
    ],
)
def test_expected(question: str, kind: str | None) -> None:
    """Read it from the question's words."""
    assert expected(question) == kind


@pytest.mark.parametrize(
    ("kind", "has", "has_not"),
    [
        ("number", "Rund 94.000 Soldaten stehen dort.", "Am 7. Dezember 2021 begann es."),
        ("number", "Zwölf Staaten stimmten zu.", "Viele Staaten stimmten zu."),
        ("duration", "Sie sprachen zwei Stunden lang.", "Sie sprachen am 6. Dezember."),
        ("duration", "Sie sprachen rund viereinhalb Stunden.", "Sie sprachen am frühen Abend."),
        ("duration", "Es war ein zweistündiges Gespräch.", "Es war ein langes Gespräch."),
        ("duration", "Die Röhre ist ca. 1.200 Kilometer lang.", "Die Röhre kostet 1.200 Euro."),
        ("duration", "The bridge measures 280 metres.", "The bridge has 280 lamps."),
        ("number", "Es waren zweieinhalb Kilometer.", "Es waren viele Kilometer."),
        ("duration", "The call lasted about an hour.", "The call began at 10."),
        ("percent", "Das waren 45 Prozent.", "Das waren 45 Leute."),
        ("money", "It cost 3 million euros, or €3m.", "It took 3 million hours."),
        ("time", "Am Dienstag begann es.", "Danach begann es."),
        ("time", "It began in December 2021.", "It began with a speech."),
        ("time", "Es begann um 14.30 Uhr.", "Es kamen 14.30 Leute."),
        ("time", "It began at 3 p.m.", "They march on 3 roads."),
        ("time", "It began on Dec. 7.", "It began with 12."),
        ("year", "Das war 1995.", "Am 7. Dezember begann es."),
        ("day", "Neuer Termin ist der 10. März.", "Sie reist am Mittwoch."),
        ("day", "It was moved to Oct. 8.", "It was moved to October 2021."),
        ("place", "Sie saß in ihrer Residenz.", "Sie sprachen am Dienstag."),
        ("place", "He crossed into Poland.", "He was arrested in October."),
        ("list", "Es kamen Berg, Tal und Hügel.", "Es kamen Berg und Tal."),
        ("person", "Das sagte Anna Berg.", "Der Kreml sagte das."),
        ("person", "Gastgeberin war Anna Berg.", "Gastgeberin war die Stadt."),
        ("place", "They met in Geneva.", "They met in private."),
        ("reason", "Sie sagte ab, weil sie krank war.", "Sie sagte ab und fuhr heim."),
    ],
)
def test_offers(kind: str, has: str, has_not: str) -> None:
    """Tell a sentence that has something of the kind from one that has not."""
    assert offers(has, kind)  # type: ignore[arg-type]
    assert not offers(has_not, kind)  # type: ignore[arg-type]
    assert not offers(has, None)


def test_what_the_question_says_is_no_answer() -> None:
    """Look for another year, another name than the question's own."""
    assert not offers("Biden und Putin sprachen 2021.", "time", "Wann sprachen sie vor 2021?")
    assert not offers("Joe Biden rief an.", "person", "Wen rief Joe Biden an?")
    assert offers("Joe Biden rief Anna Berg an.", "person", "Wen rief Joe Biden an?")
