"""What an order to the page holds: the session it is for, and nothing but plain values.

Gradio opens every file and fetches every address that it finds among the values of an order, and makes any of
its components that a message of a conversation names. The page hands over neither, so nobody else does.
"""

from __future__ import annotations

import json
from typing import Any, Final

_NOT_PLAIN: Final = frozenset(("path", "component"))  # keys by which Gradio knows a file and a component


def read(body: bytes) -> dict[str, Any]:
    """Return an order's content.

    Raises:
        ValueError: it is no JSON object, or names something twice.
    """
    try:
        content = json.loads(body, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(content, dict):
        raise ValueError("no JSON object")
    return content


def session(content: dict[str, Any]) -> str | None:
    """Return the session that an order is for, None where it names none."""
    named = content.get("session_hash")
    return None if named is None else str(named)


def is_plain(content: object) -> bool:
    """Tell whether an order is free of what Gradio takes for a file or a component."""
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if not _NOT_PLAIN.isdisjoint(one):
                return False
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names stand there once: two readers cannot take it differently."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands there twice")
    return made
