"""A library → the page: conversation on the left, sources on the right, served on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles

from rag.ui.door import caller, door
from rag.ui.door.asgi import is_loopback
from rag.ui.door.routes import Known
from rag.ui.files import ASSETS, head
from rag.ui.page import AT_ONCE, Page, i18n
from rag.ui.server import api, health, serving, visitors
from rag.ui.server.desk import Desk
from rag.ui.server.mcp import serve as serve_mcp
from rag.ui.server.pump import in_event_loop
from rag.ui.theme import newspaper, sans_files

if TYPE_CHECKING:
    from rag.library import Library

_LOOKS_S: Final = 0.01  # between two looks for questions; Gradio's own 0.001 keep an idle processor busy
_WAITING: Final = 500  # events in the queue, of everyone together
_UPLOADS_KEPT_S: Final = 3_600  # what was uploaded and never added


def serve(
    library: Library,
    host: str,
    port: int | None,
    ready: Callable[[str], None] | None = None,
    *,
    mcp: bool = False,
) -> None:
    """Serve the page until interrupted; `ready` is told its address once it can be opened.

    Without a port the first free one from 7860 is taken. With `mcp` the page is an MCP server, too.

    Raises:
        SettingsError: host or port cannot be used, or what MCP needs is not installed.
    """
    names = frozenset(
        filter(None, (name.strip().lower() for name in (library.settings.hosts or "").split(",")))
    )
    hosts = names if names or is_loopback(host) else None
    listening = serving.listen(host, port)
    with listening, _own_uploads():
        serving.run(web(library, mcp=mcp, hosts=hosts), listening, ready, library.settings.shutdown_s)


@contextmanager
def _own_uploads() -> Iterator[None]:
    """Keep what is uploaded in a folder that no other user of this machine can read, as Gradio's can be."""
    with TemporaryDirectory(prefix="quellenchat-uploads-", ignore_cleanup_errors=True) as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        yield


def web(library: Library, *, mcp: bool = False, hosts: frozenset[str] | None = None) -> FastAPI:
    """Return the page as a web application that serves nothing else and asks no other host.

    Where nobody logs in it goes by `hosts` and the names of this machine only; by any where that is None.

    Raises:
        SettingsError: what MCP needs is not installed, or the people who may log in cannot be read.
    """
    return in_event_loop(lambda: _mounted(library, mcp, hosts))


def build(library: Library) -> gr.Blocks:
    """Lay the page out and connect it to a library."""
    return in_event_loop(lambda: _laid_out(library, Desk(library)))


def _mounted(library: Library, mcp: bool, hosts: frozenset[str] | None) -> FastAPI:
    settings = library.settings
    keys = door.keys(settings)
    desk = Desk(library)
    page = _laid_out(library, desk)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    known = Known(page.blocks, lambda session: session in page._queue.pending_messages_per_session)
    door.put_before(app, settings, keys, hosts if keys is None else None, known)
    app.mount("/page", StaticFiles(directory=ASSETS))
    app.state.desk = desk
    app.state.trusted_proxies = settings.trusted_proxies
    health.offer(app, library, desk)
    if mcp:
        serve_mcp(app, api.functions(library, desk))
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=newspaper(),
        head=head(sans_files()),
        i18n=i18n(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size=int(settings.upload_mb * 1_000_000),
        root_path=settings.root_path,
        auth_dependency=None if keys is None else _name,
        favicon_path=str(ASSETS / "favicon.png"),
        mcp_server=False,
    )
    visitors.lighten(app, page)
    return app


def _name(request: Request) -> str | None:
    """Tell Gradio who is logged in; it, too, lets nobody else in."""
    return caller.of(request).person.name or None


def _laid_out(library: Library, desk: Desk) -> gr.Blocks:
    with gr.Blocks(
        title="Quellenchat",
        analytics_enabled=False,
        fill_width=True,
        fill_height=True,
        delete_cache=(_UPLOADS_KEPT_S, _UPLOADS_KEPT_S),
    ) as page:
        Page(library, desk).connect(page)
        api.offer(library, desk)
    page.queue(default_concurrency_limit=2 * AT_ONCE, max_size=_WAITING)
    page._queue.sleep_when_free = _LOOKS_S
    visitors.bound(page)
    return page
