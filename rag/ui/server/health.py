"""What whoever watches the machine asks: is it alive, is it ready, how much does it do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rag.ui.server.desk import Desk
from rag.ui.server.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from rag.library import Library


def offer(app: FastAPI, library: Library, desk: Desk) -> None:
    """Serve `/healthz`, `/readyz` and `/metrics`; the door asks for a login before the last."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(request: Request) -> Response:
        if desk.closing.is_set():
            return PlainTextResponse("closing\n", 503)
        try:
            await run_in_threadpool(library.count)
        except Exception as error:  # whatever it is, no question can be answered; its words may name paths
            return PlainTextResponse(f"{type(error).__name__}\n", 503)
        return PlainTextResponse("ready\n")

    async def metrics(request: Request) -> Response:
        return Response(await run_in_threadpool(desk.metrics.text), media_type=CONTENT_TYPE)

    for endpoint in (healthz, readyz, metrics):
        app.router.routes.append(Route(f"/{endpoint.__name__}", endpoint))
