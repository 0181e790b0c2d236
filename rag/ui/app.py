"""A library → the page: conversation on the left, sources on the right, served on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from rag.errors import SettingsError
from rag.ui import api, serving
from rag.ui.files import ASSETS, head
from rag.ui.headers import OwnHostOnly
from rag.ui.page import AT_ONCE, Page, i18n
from rag.ui.pump import in_event_loop
from rag.ui.theme import newspaper

if TYPE_CHECKING:
    from rag.library import Library

_UPLOAD_SIZE: Final = "100mb"  # of one file; a dump holds many articles


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
    listening = serving.listen(host, port)
    with listening:
        serving.run(web(library, mcp=mcp), listening, ready)


def web(library: Library, *, mcp: bool = False) -> FastAPI:
    """Return the page as a web application that serves nothing else and asks no other host.

    Raises:
        SettingsError: what MCP needs is not installed.
    """
    return in_event_loop(lambda: _mounted(library, mcp))


def build(library: Library) -> gr.Blocks:
    """Lay the page out and connect it to a library."""
    return in_event_loop(lambda: _laid_out(library))


def _mounted(library: Library, mcp: bool) -> FastAPI:
    page = _laid_out(library)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(OwnHostOnly)
    app.mount("/page", StaticFiles(directory=ASSETS))
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=newspaper(),
        head=head(),
        i18n=i18n(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size=_UPLOAD_SIZE,
        favicon_path=str(ASSETS / "favicon.png"),
        mcp_server=mcp,
    )
    if mcp and not page.mcp_server:  # Gradio begins without it and says nothing
        raise SettingsError("what --mcp needs is not installed", hint="pip install 'quellenchat[mcp]'")
    return app


def _laid_out(library: Library) -> gr.Blocks:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Blocks are built
    with gr.Blocks(title="Quellenchat", analytics_enabled=False, fill_width=True, fill_height=True) as page:
        Page(library).connect(page)
        api.offer(library)
    page.queue(default_concurrency_limit=2 * AT_ONCE)
    return page
