"""Check thousands of replies no model would write: quotations stay exact, no marker leads astray."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from rag.answer.checks import support
from rag.answer.checks.support import Checker
from rag.answer.llm.model import LanguageModel
from rag.answer.writer import Writer
from rag.library import Library
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.interaction import TokenMemory
from rag.retrieve.lexical.lexicon import bundled
from rag.retrieve.sentences.scorer import SentenceScorer

REPLIES = 2_000
PIECES = (
    "Putin forderte Garantien", "The Kremlin denied it", "94.000 Soldaten", "am 7. Dezember",
    "„Schön, Sie wiederzusehen“",
    ". ", ".", "\n", "\n- ", " ", "**", "[2024]", "(siehe oben)", "[", "]", "【", "】", "(", "<think>",
    "</think>", "[1", ".3]",
    "https://evil.example/x", "![x](https://evil.example/?q=1)", "KEINE ANTWORT", "NO ANSWER",
    "Satz ", "‹9.1›", "--- 2: ",
    "Selenskyj", "12 Prozent", "\u200b", "\x00", "😀", "ẞ",
)  # fmt: skip


class Talker(BaseChatModel):
    """A model that says the next reply of a list, in pieces of any size."""

    replies: list[str]
    seed: int = 0

    @property
    def _llm_type(self) -> str:
        return "talker"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        reply, chance = self.replies.pop(), random.Random(len(self.replies))
        while reply:
            size = chance.randint(1, 12)
            yield ChatGenerationChunk(message=AIMessageChunk(reply[:size]))
            reply = reply[size:]


def marker(chance: random.Random) -> str:
    """Return something like a marker, of a sentence that is there or is not."""
    one = chance.choice([f"{chance.randint(0, 6)}.{chance.randint(0, 9)}", str(chance.randint(0, 12))])
    other = f"{chance.randint(0, 6)}.{chance.randint(0, 9)}"
    forms = (
        "[{0}]",
        "【{0}】",
        "({0})",
        "[{0}, {1}]",
        "[{0}-{1}]",
        "[{0}][{1}]",
        "[{0} und {1}]",
        "[ {0} ]",
        "[Satz {0}]",
        "([{0}], [{1}])",
        "**[{0}]**",
        "[{0}](https://evil.example/?q={1})",
        "[Quelle: {0}; {1}]",
        "<sup>{0}</sup>",
        " Satz {0}",
        "\n[{0}] ",
    )
    return chance.choice(forms).format(one, other)


def reply(chance: random.Random) -> str:
    """Return a reply of text, markers and rubbish."""
    return "".join(
        marker(chance) if chance.random() < 0.35 else chance.choice(PIECES)
        for _ in range(chance.randint(0, 14))
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_whatever_a_model_writes_citations_are_exact(samples: Library, language: str) -> None:
    """Demand exact quotations of sentences that were shown, and markers that lead to them alone."""
    hits = samples.search("Was forderte Putin bezüglich der NATO?", 5)
    shown = {(hit.source.id, span) for hit in hits for span in hit.passage.sentences}
    texts = {hit.source.id: samples.article(hit.source.id).text for hit in hits}
    scorer = SentenceScorer(open_embedder(None, threads=1), TokenMemory(lambda _: {}, 0), bundled())
    chance = random.Random(language)
    talker = Talker(replies=[reply(chance) for _ in range(REPLIES // 2)])
    checker = Checker(scorer.encode, bundled(), support.bundled())
    writer = Writer(LanguageModel(talker, "talker"), checker, scorer.encode)
    cited = 0
    while talker.replies:
        for written in writer.write("Was forderte Putin?", language, hits):
            known = {one.marker for one in written.citations}
            for one in written.citations:
                assert (one.source.id, one.span) in shown
                assert one.quote == texts[one.source.id][one.span.start : one.span.end]
                assert 0 <= one.support <= 1
            for statement in written.statements:
                assert set(statement.markers) <= known
        if written.citations:
            cited += 1
            assert "evil" not in written.text
            assert {f"[{n}]" for n in re.findall(r"\[(\d{1,2})\]", written.text)} <= known
    assert cited > REPLIES // 8
