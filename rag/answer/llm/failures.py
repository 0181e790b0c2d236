"""What a provider's client raised → what went wrong, in words a person can act on."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from rag.answer.texts import say
from rag.errors import QuellenchatError

_PASSING: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_CONTEXT: Final = re.compile(
    r"context.{0,20}(?:length|size|window|exceed)|exceed.{0,30}context|maximum context|too many tokens"
    r"|prompt is too long|too long for",
    re.IGNORECASE,
)
_STATUS: Final = {
    401: "key", 402: "quota", 403: "key", 404: "unknown_model", 413: "context", 429: "rate",
}  # fmt: skip
_QUOTA: Final = re.compile(r"quota|billing|balance|credit", re.IGNORECASE)
_NO_STREAM: Final = "No generation chunks were returned"  # LangChain's, where no event was in what came
LONGEST_WAIT_S: Final = 20.0  # a server that asks for more is not waited for


def kind(error: BaseException) -> str:
    """Return what kind of failure it is, "context", "timeout", "rate" and so on, "" for one not known.

    `words` has a text for each: "failure_" and its name.
    """
    if _CONTEXT.search(str(error)):
        return "context"
    names = {each.__name__ for one in _causes(error) for each in type(one).__mro__}
    if any("Timeout" in name for name in names):
        return "timeout"
    status = _status(error)
    if status is not None:
        found = _STATUS.get(status, "")
        return "quota" if found == "rate" and _QUOTA.search(str(error)) else found
    if str(error) == _NO_STREAM:
        return "no_stream"
    refused = {"ConnectError", "ConnectionRefusedError", "OpenAIConnectionError", "APIConnectionError"}
    return "no_server" if names & refused else ""


def may_pass(error: BaseException) -> bool:
    """Tell whether asking again may help soon: the server was busy or failed, and did not refuse."""
    if _status(error) not in _PASSING or kind(error) in ("context", "quota"):
        return False
    return (wait_s(error) or 0.0) <= LONGEST_WAIT_S


def wait_s(error: BaseException) -> float | None:
    """Return how many seconds the server asks to wait, None where it does not say."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            asked = float(headers[name]) * unit
            return max(0.0, asked) if math.isfinite(asked) else None
        except (KeyError, ValueError, TypeError):
            continue
    try:  # RFC 9110 allows a date as well
        at = parsedate_to_datetime(headers["retry-after"])
        return max(0.0, (at - datetime.now(UTC)).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None


def words(error: BaseException, language: str) -> str:
    """Return one line that says why a language model failed, and what to do where that is known."""
    found = kind(error)
    if found == "rate" and (wait := wait_s(error)):
        return say("failure_rate_until", language, n=max(1, round(wait)))
    if found:
        return say(f"failure_{found}", language)
    if isinstance(error, QuellenchatError):
        return str(error)
    told, name = line(error), type(error).__name__
    return name if told == name else f"{name}: {told}"


def line(error: BaseException) -> str:
    """Return the first line of what an error says, its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__


def _status(error: BaseException) -> int | None:
    """Return the HTTP status an error carries, by whichever name its client gives it."""
    holders = (error, getattr(error, "response", None))
    for holder in holders:
        for name in ("status_code", "code"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 400 <= value < 600:
                return value
    return None


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and what it was raised from."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain
