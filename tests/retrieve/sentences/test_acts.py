"""Check which acts done by saying it are read in German and English."""

import pytest

from rag.retrieve.sentences.acts import acts, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Was forderte der Bürgermeister?", {"demand"}),
        ("What did the mayor call for?", {"demand"}),
        ("Wozu rief sie die Bauern auf?", {"demand"}),
        ("Was will die Gewerkschaft von der Bahn?", {"demand"}),
        ("Was sagte die Ministerin den Winzern zu?", {"promise"}),
        ("Was kündigte der Verein an?", {"announcement"}),
        ("Der Verein gab den Umzug am Dienstag bekannt.", {"announcement"}),
        ("Was warf er dem Gutachter vor?", {"accusation"}),
        ("Sie hielt dem Rat in scharfen Worten vor, er zaudere.", {"accusation"}),
        ("Der Rat lehnte den Antrag ab und vertagte sich.", {"refusal"}),
        ("The council rejected calls for a new vote.", {"demand", "refusal"}),
        ("Er wies die Forderungen zurück.", {"demand", "refusal"}),
        ("The company denied the report.", {"denial"}),
        ("Die Bahn räumte den Fehler ein.", {"admission"}),
        ("She praised the firefighters.", {"praise"}),
        ("Worauf verständigten sich die Parteien?", {"agreement"}),
        ("Die Gemeinden kamen nach zwei Stunden überein.", {"agreement"}),
        ("Was entschied das Gericht?", {"decision"}),
        ("What did the committee decide?", {"decision"}),
        ("Die Länder haben beschlossen, die Grenze zu öffnen.", {"agreement", "decision"}),
        # the same words, and nothing of the kind
        ("Die Behörden verständigten die Angehörigen nicht.", set()),
        ("The court ruled out a retrial.", {"refusal"}),
        ("Er kam mit dem Geld kaum über die Runden.", set()),
        ("Er sagte im Gespräch mit der Zeitung zu diesem Thema nichts.", set()),
        ("Sie sagte der Zeitung, sie gehe zu Fuß.", set()),
        ("Er kündigte den Vertrag zum Jahresende.", set()),
        ("Das Boot schlug vor der Küste leck.", set()),
        ("Die Anforderungen wachsen.", set()),
        ("She called her sister.", set()),
        ("Am Montag ruht die Arbeit.", set()),
    ],
)
def test_acts_of_a_text(text: str, expected: set[str]) -> None:
    """Know a verb by its other words, its language and the prefix that stands apart from it."""
    assert acts(text) == expected


def test_a_sentence_tells_of_the_act_asked_about() -> None:
    """Count the share of the acts asked about; a question about none has none told."""
    assert told("Was forderte die Gewerkschaft?", "The union demanded higher wages.") == 1.0
    assert told("Was forderte die Gewerkschaft?", "Die Gewerkschaft begrüßte den Beschluss.") == 0.0
    assert told("Welche Forderung lehnte sie ab?", "Sie lehnte ein Verbot ab.") == 0.5
    assert told("Wo tagte der Rat?", "Der Rat forderte Geld.") == 0.0
