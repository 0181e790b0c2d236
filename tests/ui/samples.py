"""Small answers made by hand, for the tests of what the page writes."""

from datetime import date

from rag.schema import Abstention, Answer, Article, Citation, Hit, Passage, Source, Span, Statement

TEXT = "Erster Absatz. Er hat zwei Sätze.\n\nZwischenzeile\n\nHier steht das Zitat. Danach kommt mehr."
SOURCE = Source("a.md", "Ein Titel", "de", "Blatt", "Autorin", date(2021, 12, 7), "https://blatt.example/a")
ARTICLE = Article(SOURCE, TEXT)
QUOTE = Span(TEXT.index("Hier"), TEXT.index(" Danach"))


def hit(start: int, end: int, source: Source = SOURCE, text: str = TEXT) -> Hit:
    """Return a hit on a passage of one sentence."""
    passage = Passage(source.id, start, end, text[start:end], (Span(start, end),))
    return Hit(passage, source, 0.9, 0.8, 3.0)


def answer(text: str = "Das steht da [1].", source: Source = SOURCE, **changed: object) -> Answer:
    """Return an answer with one citation and one passage more that was read."""
    citation = Citation("[1]", source, QUOTE, TEXT[QUOTE.start : QUOTE.end], 0.9)
    given: dict[str, object] = {
        "question": "Was steht da?",
        "language": "de",
        "query": "Was steht da?",
        "text": text,
        "model": "extractive",
        "citations": (citation,),
        "statements": (Statement(Span(0, len(text)), ("[1]",)),),
        "hits": (hit(QUOTE.start, len(TEXT), source), hit(0, 14, source)),
    }
    return Answer(**(given | changed))  # type: ignore[arg-type]


def abstention() -> Abstention:
    """Return an abstention with its nearest passages."""
    return Abstention("Wer?", "de", "Wer?", "Dazu sagen die Artikel nichts.", "Nichts passt.", (hit(0, 14),))
