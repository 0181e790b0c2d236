"""A quote and a language model → the quote in the other language, to stand beside it, never in its place."""

from __future__ import annotations

import hashlib
from typing import Final

from langchain_core.messages import HumanMessage, SystemMessage

from rag.answer.llm import failures, prompts
from rag.answer.llm.model import LanguageModel
from rag.answer.reply.links import without_links
from rag.answer.reply.stream import Reply
from rag.errors import ModelError

QUOTE_CHARS: Final = 1_500  # of one quote; a sentence has a tenth of that
_HINT: Final = "the quote itself stands above; try again later"


def translated(quote: str, language: str, model: LanguageModel) -> str:
    """Return what a model makes of a quote in German ("de") or English ("en").

    Raises:
        ModelError: the model fails, in words of that language, or says nothing.
    """
    fence = hashlib.sha256(quote.encode()).hexdigest()[:10]
    messages = [
        SystemMessage(prompts.fill("translation", language, fence=fence)),
        HumanMessage(f"{fence}\n{quote[:QUOTE_CHARS]}\n{fence}"),
    ]
    pieces: list[str] = []
    try:
        for piece in Reply(lambda: model.chat.stream(messages)).pieces():
            pieces = [] if piece is None else [*pieces, piece]
    except Exception as error:  # every provider's client raises its own kinds
        reason = failures.words(error, language)
        raise ModelError(f"no translation: {reason}", hint=_HINT) from error
    text, _ = without_links("".join(pieces).replace(fence, ""), ())
    text = " ".join(text.split()).strip('„“”"»« ')
    if not text:
        raise ModelError("no translation: the model said nothing", hint=_HINT)
    return text
