"""A small reverse proxy on loopback: passes everything on under a path, with X-Forwarded headers."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rag.ui.server import serving

_OWN = ("connection", "transfer-encoding", "keep-alive", "host")


@contextmanager
def proxied(target: str, root_path: str, *, strips: bool, scheme: str = "http") -> Iterator[str]:
    """Yield the address of `target` behind a proxy; `strips`: it takes the root path off."""
    listening = serving.listen("127.0.0.1", 0)
    public = f"127.0.0.1:{listening.getsockname()[1]}"

    async def pass_on(request: Request) -> Response:
        path = request.url.path
        if not path.startswith(root_path + "/"):
            return Response("not the page's", 404)
        path = path.removeprefix(root_path) if strips else path
        headers = [(name, value) for name, value in request.headers.items() if name not in _OWN]
        headers += [("x-forwarded-host", public), ("x-forwarded-proto", scheme)]
        headers += [("x-forwarded-for", "198.51.100.7")]
        query = f"?{request.url.query}" if request.url.query else ""
        client = httpx.AsyncClient(timeout=None)
        sent = client.build_request(
            request.method, target.rstrip("/") + path + query, headers=headers, content=await request.body()
        )
        answer = await client.send(sent, stream=True)

        async def body() -> AsyncIterator[bytes]:
            async for chunk in answer.aiter_raw():
                yield chunk

        response = StreamingResponse(body(), answer.status_code, background=BackgroundTask(client.aclose))
        response.raw_headers = [one for one in answer.headers.raw if one[0].lower().decode() not in _OWN]
        return response

    app = Starlette(routes=[Route("/{path:path}", pass_on, methods=["GET", "HEAD", "POST", "OPTIONS"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://{public}{root_path}/"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
