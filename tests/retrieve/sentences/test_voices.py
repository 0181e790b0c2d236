"""Check who is found to speak, of whom a question asks, and what a sentence keeps to itself."""

import pytest

from rag.retrieve.sentences.voices import asks_for_words, reports, speaker, speaking, tells, withholds


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("Was sagte Selenskyj über das Treffen?", "Selenskyj"),
        ("What did Zelensky say about the meeting?", "Zelensky"),
        ("Wie reagierte das Weiße Haus auf die Entwürfe?", "Weiße Haus"),
        ("How did the White House react to the drafts?", "White House"),
        ("Was hält Präsident Putin davon?", "Putin"),
        ("Was hat Lawrow zum Dialog gesagt?", "Lawrow"),
        ("Was hatte die neue Ministerin Baerbock angekündigt?", "Ministerin Baerbock"),
        ("What has Biden said about it?", "Biden"),
        ("Was sagte der russische Außenminister Sergej Lawrow?", "Außenminister Sergej Lawrow"),
        ("What did U.S. President George W. Bush say?", "U.S. President George W. Bush"),
        ("Wann hat Russland die Krim annektiert?", ""),
        ("Wo trafen sich Rubio und Lawrow?", ""),
        ("Where was the treaty signed?", ""),
        ("Was sagte er dazu?", ""),
    ],
)
def test_of_whom_a_question_asks(question: str, who: str) -> None:
    """Find who said or did what is asked for."""
    assert speaker(question) == who


def test_whom_one_speaks_to_is_not_asked_of() -> None:
    """Part two names that the texts never have beside each other; leave a name whole otherwise."""
    texts = ["Biden telefonierte am Abend mit Putin.", "Joe Biden reiste ab."]
    assert speaker("Wovor warnte Biden Putin?", texts) == "Biden"
    assert speaker("Wovor warnte Joe Biden Putin?", texts) == "Joe Biden"
    assert speaker("Was sagte Joe Biden?", texts) == "Joe Biden"
    assert speaker("Was sagte Olaf Scholz?", texts) == "Olaf Scholz"


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Biden hat die russischen Forderungen zurückgewiesen.", "Biden"),
        ("Am Freitag hatte Merkel Garantien verlangt.", "Merkel"),
        ("Moskau weist jede Absicht zurück.", "Moskau"),
        ("Russia denied the report.", "Russia"),
        ("Das Amt hielt dem Verein Mängel vor.", "Das Amt"),
    ],
)
def test_who_does_something_by_saying_it(sentence: str, who: str) -> None:
    """Find who speaks in the perfect and where the verb has its prefix apart."""
    assert speaking(sentence).startswith(who)
    assert tells(sentence)


def test_a_sentence_names_its_speaker_at_either_end() -> None:
    """Read the beginning of a sentence and what follows a verb of saying, not whom it merely mentions."""
    quoted = "„Wir haben uns damals und auch später nie einem Gespräch verweigert“, sagte gestern Lawrow."
    assert "Lawrow." in speaking(quoted)
    mentioned = "Trump hat nach seinem Sieg mit rund 70 Staatschefs telefoniert, darunter auch Selenskyj."
    assert "Trump" in speaking(mentioned)
    assert "Selenskyj" not in speaking(mentioned)


@pytest.mark.parametrize(
    ("sentence", "who", "other"),
    [
        ("Biden forderte Putin auf, gegen Täter vorzugehen.", "Biden", "Putin"),
        ("Am Mittwoch kündigte Putin gegenüber Biden Schritte an.", "Putin", "Schritte"),
        ("Jake Sullivan told Putin that it would not work.", "Sullivan", "Putin"),
        ("Zelensky was assured of it, his aide, Andriy Yermak, said on television.", "Yermak", "Zelensky"),
        ("Das gehe nicht, sagte Jen Psaki, die Sprecherin des Weißen Hauses.", "Weißen Hauses", "gehe"),
        ("Dmitry Peskov, the Kremlin spokesman, dismissed the story.", "Peskov", "story"),
        ("According to Biden, Putin agreed.", "Biden", "Putin"),
        ("Laut Biden stimmte Putin gestern zu.", "Biden", "Putin"),
        ("Das lehne Putin ab, so der Kanzler Scholz.", "Scholz", "Putin"),
        ("Putin stimmte laut Kremlsprecher Dmitri Peskow zu.", "Peskow", "Putin"),
    ],
)
def test_who_is_spoken_to_does_not_speak(sentence: str, who: str, other: str) -> None:
    """Tell by word order whose words a sentence tells."""
    assert who in speaking(sentence)
    assert other not in speaking(sentence)


def test_nouns_of_speech_are_no_speech() -> None:
    """Take verbs alone: a greeting that is shown tells nobody's words."""
    assert not tells("Das Fernsehen zeigte nur die Begrüßung.")
    assert not tells("Die Forderung nach Garantien ist alt.")
    assert tells("Er begrüßte den Vorschlag.")
    assert tells("Sie hat das gesagt.")
    assert reports("Russland habe den Austausch nie verweigert.")


def test_questions_for_words_are_told_from_others() -> None:
    """Find whether what someone says is asked for."""
    assert asks_for_words("Was sagte Lawrow zum Dialog?")
    assert asks_for_words("How did Zelensky respond to it?")
    assert asks_for_words("Was hat Putin gefordert?")
    assert asks_for_words("Was hatte Biden angekündigt?")
    assert not asks_for_words("Wo trafen sich Rubio und Lawrow?")


@pytest.mark.parametrize(
    ("silent", "telling"),
    [
        ("Welche Strafen vorbereitet werden, ließ er offen.", "Er drohte mit Strafen."),
        ("Ein Enddatum nannte Mora nicht.", "Mora nannte ein Enddatum."),
        ("He would not say when it ends.", "He said when it ends."),
        ("The cause is still unclear.", "The cause was a fire."),
    ],
)
def test_what_is_not_said_is_seen(silent: str, telling: str) -> None:
    """Tell a sentence that keeps something to itself from one that says it."""
    assert withholds(silent)
    assert not withholds(telling)
