"""What Gradio keeps of each visitor → less of it, and within bounds.

Every call of an endpoint is a visitor of its own to Gradio. It keeps a copy of the whole page for each, with
the conversation in it; lists what each has asked for and never forgets the list; and after every event it
works out statistics of the last 10,000. None of this is needed here, and all of it grew.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any, Final

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.routing import Mount

_SESSIONS: Final = 500  # whose values are kept, such as how many articles a page has told of
_STREAMS: Final = 2_000  # sessions whose answers wait to be fetched; those not asked for longest make way


def bound(page: gr.Blocks) -> None:
    """Bound what a page keeps; its queue has to be there already."""
    page.state_session_capacity = _SESSIONS
    queue = page._queue
    queue.pending_messages_per_session = _Streams(queue.pending_event_ids_session)
    queue.ANALYTICS_MAX_EVENTS = 1
    queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # as Gradio spells it


def lighten(app: FastAPI, page: gr.Blocks) -> None:
    """Keep less of each session of a page that is mounted in an application."""
    mounted = [route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, App)]
    for one in mounted:
        one.state_holder = _Sessions()
        one.state_holder.set_blocks(page)


class _Streams(OrderedDict[str, Any]):
    """The messages that wait for each session, in Gradio's queue; with them goes the list of its events."""

    def __init__(self, events: dict[str, set[str]]) -> None:
        super().__init__()
        self._events = events

    def __getitem__(self, session: str) -> Any:
        messages = super().__getitem__(session)
        self.move_to_end(session)
        return messages

    def __setitem__(self, session: str, messages: Any) -> None:
        super().__setitem__(session, messages)
        while len(self) > _STREAMS:
            del self[next(iter(self))]

    def __delitem__(self, session: str) -> None:
        super().__delitem__(session)
        self._events.pop(session, None)


class _Session(SessionState):  # type: ignore[misc]  # Gradio has no types
    """A visitor's session without the copy of the page that Gradio makes for links to it."""

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks={}))

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None:
        """Keep nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Keep nothing: what is shown lives in the browser."""


class _Sessions(StateHolder):  # type: ignore[misc]
    """The sessions of a page."""

    def __getitem__(self, session: str) -> SessionState:
        if session not in self.session_data:
            self.session_data[session] = _Session(self.blocks)
        return super().__getitem__(session)
