"""Who a request comes from: put there by the login, asked for by the page's functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from rag.access.limits import neighbourhood
from rag.access.people import Person
from rag.errors import AccessError
from rag.ui.door.asgi import Scope, is_loopback

_KEY: Final = "quellenchat.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, the address the request came from, and the session it belongs to, where there is one."""

    person: Person
    address: str
    token: str = ""

    @property
    def key(self) -> str | None:
        """What limits are counted by; None for whoever sits at a machine where nobody logs in."""
        if self.person.name:
            return f"person {self.person.name}"
        return None if is_loopback(self.address) else f"address {neighbourhood(self.address)}"


def note(scope: Scope, caller: Caller) -> None:
    """Write down who sent a request."""
    scope[_KEY] = caller


def of(request: Any) -> Caller:
    """Return who sent a request, Gradio's or Starlette's.

    Raises:
        KeyError: it did not come through the door.
    """
    caller: Caller = of_scope(getattr(request, "request", request).scope)
    return caller


def of_scope(scope: Scope) -> Caller:
    """Return who sent a request.

    Raises:
        KeyError: it did not come through the door.
    """
    caller: Caller = scope[_KEY]
    return caller


def editors_only(request: Any) -> None:
    """Refuse what only editors may do.

    Raises:
        AccessError: the person is a reader.
    """
    if not of(request).person.edits:
        raise AccessError(
            "only editors may add, edit or remove articles", hint="ask an editor of this collection"
        )
