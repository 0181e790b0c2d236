"""Questions to go on with: made of what sentences say by their form, and each leads back to its source."""

import pytest

from rag.answer.conversation.followups import candidates, follow_ups
from rag.answer.found import Found
from rag.library import Library
from rag.schema import Article, Source, Span
from tests.conftest import Writer

LONG = "Der Bericht führt dazu viele Einzelheiten über Züge, Fahrpläne und Bahnhöfe auf, " * 2


def questions(text: str, language: str, wanted: str) -> list[str]:
    """Return the questions that an article of one sentence yields."""
    article = Article(Source("a.md", "T", language), text)
    return [one.question for one in candidates(article, wanted)]


@pytest.mark.parametrize(
    ("text", "language", "wanted", "question"),
    [
        ("Am Montag sagte Jen Psaki, das sei offen.", "de", "de", "Was sagte Jen Psaki?"),
        ("Olexij Resnikow forderte mehr Waffen.", "de", "de", "Was forderte Olexij Resnikow?"),
        ("Antony Blinken warnte vor einem Angriff.", "de", "de", "Wovor warnte Antony Blinken?"),
        ("Antony Blinken warnte vor einem Angriff.", "de", "en", "What did Antony Blinken warn of?"),
        ("Jen Psaki, the press secretary, said it was open.", "en", "en", "What did Jen Psaki say?"),
        ("Rund 94.000 russische Soldaten stehen an der Grenze.", "de", "de",
         "Wie viele russische Soldaten stehen an der Grenze?"),
        ("He said that about 94,300 soldiers were stationed near the border.", "en", "en",
         "How many soldiers were stationed near the border?"),
        ("Sergej Lawrow kündigte am Abend eine Antwort an.", "de", "en", "What did Sergej Lawrow announce?"),
        ("Jen Psaki proposed another day.", "en", "de", "Was schlug Jen Psaki vor?"),
        ("Jen Psaki kam um elf. Zuerst warnte Psaki vor Eile.", "de", "de", "Wovor warnte Jen Psaki?"),
        (f"Ein Satz.\n\nKosten und Nutzen der Strecke\n\n{LONG}ohne Ende.", "de", "de",
         "Was steht in den Artikeln über „Kosten und Nutzen der Strecke“?"),
        (f"Ein Satz.\n\nVorwürfe an Kiew\n\n{LONG}ohne Ende.", "de", "de",
         "Was steht in den Artikeln über „Vorwürfe an Kiew“?"),
    ],
)  # fmt: skip
def test_a_sentence_yields_the_question_it_answers(
    text: str, language: str, wanted: str, question: str
) -> None:
    assert questions(text, language, wanted) == [question]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The White House said it was open.", "en"),  # no person
        ("Das Weiße Haus sagte dazu nichts.", "de"),
        ("Die Regierung sagte dazu nichts.", "de"),
        (
            "Dass 94.000 Soldaten an der Grenze stehen, ist umstritten.",
            "de",
        ),  # would need another order of words
        ("Le ministre Jean Castex a dit non.", "fr"),
        ("Psaki warnte vor Eile.", "de"),  # whoever that is
        ("Jen Psaki kündigte den Vertrag.", "de"),
        (f"Ein Satz.\n\nSchlechtes Wetter\n\n{LONG}ohne Ende.", "de"),  # says nothing by itself
        (f"Ein Satz.\n\nWorum es in dem Gespräch ging\n\n{LONG}ohne Ende.", "de"),
    ],
)
def test_what_cannot_be_asked_well_is_not_asked(text: str, language: str) -> None:
    assert questions(text, language, language) == []


def test_every_offer_is_answered_from_its_article(samples: Library) -> None:
    answer = samples.ask("Where did Rubio and Lavrov meet?")
    known = [(one.source.id, one.span) for one in answer.citations]
    articles = [samples.article(one) for one in dict.fromkeys(article for article, _ in known)]
    find = samples.chain.find
    offered = follow_ups(articles, known, [answer.question], "en", find, 0.4)
    assert 1 <= len(offered) <= 3
    for question in offered:
        further = samples.ask(question)
        assert {one.source.id for one in further.citations} & {one.id for one in articles}
    assert not set(offered) & set(follow_ups(articles, known, offered, "en", find, 0.4))
    assert follow_ups(articles, known, [], "en", find, 1.01) == []


def test_each_person_is_asked_about_once_however_the_name_is_spelt(empty: Library, write: Writer) -> None:
    told = {
        "a.txt": "Sprecher im Norden\n\nDmitri Peschkow sagte am Montag, die Brücke im Norden sei gesperrt. "
        "Lloyd Austin sagte, der Tunnel im Norden sei offen.",
        "b.txt": "Speaker in the north\n\nDmitry Peskov warned that the bridge in the north could fall.",
    }
    empty.index([write(name, text) for name, text in told.items()])
    articles = [empty.article(one.id) for one in empty.articles()]
    offered = follow_ups(articles, [], [], "de", empty.chain.find, 0.0)
    assert sorted(offered) == ["Was sagte Dmitri Peschkow?", "Was sagte Lloyd Austin?"]
    after = follow_ups(articles, [], ["Was sagte Peskow über die Brücke?"], "de", empty.chain.find, 0.0)
    assert after == ["Was sagte Lloyd Austin?"]


def test_sentences_are_asked_about_before_headings(samples: Library) -> None:
    found = (
        samples.listed(words="vertragsentwürfe").sources
        or samples.listed(words="Sicherheitsverträge").sources
    )
    article = samples.article(found[0].id)
    offered = follow_ups([article], [], [], "de", samples.chain.find, 0.0)
    assert [question.startswith("Was steht in den Artikeln") for question in offered] == [False, False, True]
    assert len(follow_ups([article], [], [], "de", samples.chain.find, 0.0, headings=False)) == 2


def test_nothing_is_asked_of_what_was_cited(samples: Library) -> None:
    article = next(one for one in samples.articles() if "riyadh" in one.id)
    text = samples.article(article.id)
    everything = [(article.id, Span(0, len(text.text)))]
    find = samples.chain.find
    assert follow_ups([text], [], [], "en", find, 0.0, headings=False)
    assert follow_ups([text], everything, [], "en", find, 0.0, headings=False) == []


@pytest.mark.parametrize(
    ("told", "asked"), [("Dmitri Peschkow", "Dmitri Peskow"), ("Wolodymyr Selenskyj", "Zelensky")]
)
def test_a_man_in_two_spellings_is_asked_about_once(told: str, asked: str) -> None:
    """Take both for one, without looking the second question up."""

    def find(question: str) -> Found:
        raise AssertionError(question)

    article = Article(Source("a.md", "T", "de"), f"{told} sagte, das sei frei erfunden.")
    assert [one.question for one in candidates(article, "de")] == [f"Was sagte {told}?"]
    assert follow_ups([article], [], [f"Was sagte {asked}?"], "de", find, 0.4) == []
