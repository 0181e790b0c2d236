"""The page's endpoints as tools of the Model Context Protocol, called in this very process.

Gradio's own server would open a connection to the host that its first visitor names, and hand that host
the headers of every later one.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from rag import __version__
from rag.errors import SettingsError
from rag.ui.door.asgi import App, Receive, Scope, Send

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH: Final = "/gradio_api/mcp"


def serve(app: FastAPI, endpoints: Sequence[Callable[..., dict[str, Any]]]) -> None:
    """Serve endpoints as tools at `PATH`; one that wants a `request` is given the HTTP request.

    Raises:
        SettingsError: the package is not installed.
    """
    try:
        manager = _manager(endpoints)
    except ImportError as error:
        raise SettingsError(
            "what --mcp needs is not installed", hint="pip install 'quellenchat[mcp]'"
        ) from error
    endpoint = _Endpoint(manager.handle_request)
    app.router.routes.extend((Route(PATH, endpoint), Route(PATH + "/", endpoint)))
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        async with inner(running) as state, manager.run():
            yield state

    app.router.lifespan_context = lifespan


def _manager(endpoints: Sequence[Callable[..., dict[str, Any]]]) -> StreamableHTTPSessionManager:
    """Return what answers for a server that has the endpoints as its tools."""
    from mcp import types
    from mcp.server.fastmcp.tools import Tool
    from mcp.server.lowlevel import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    server: Server[Any, Any] = Server("Quellenchat", version=__version__)
    made = [Tool.from_function(_tool(one, lambda: server.request_context.request)) for one in endpoints]
    tools = {one.name: one for one in made}

    async def listed() -> list[types.Tool]:
        return [
            types.Tool(
                name=one.name,
                description=one.description,
                inputSchema=one.parameters,
                outputSchema=one.output_schema,
            )
            for one in made
        ]

    async def called(name: str, arguments: dict[str, Any]) -> Any:
        if name not in tools:
            raise ValueError(f"no tool {name}")
        return await tools[name].run(arguments, convert_result=True)

    server.list_tools()(listed)
    server.call_tool()(called)
    return StreamableHTTPSessionManager(server, stateless=True)


class _Endpoint:
    """An ASGI application as a route takes it: neither function nor method."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def _tool(endpoint: Callable[..., dict[str, Any]], request: Callable[[], Any]) -> Callable[..., Any]:
    """Return an endpoint whose request is no parameter, and that does not hold up the event loop."""
    signature = inspect.signature(endpoint, eval_str=True)
    asked = [one for one in signature.parameters.values() if one.name != "request"]

    async def tool(**given: Any) -> dict[str, Any]:
        more = {"request": request()} if "request" in signature.parameters else {}
        return await run_in_threadpool(endpoint, **given, **more)

    tool.__name__, tool.__doc__ = endpoint.__name__, endpoint.__doc__
    tool.__signature__ = signature.replace(parameters=asked)  # type: ignore[attr-defined]
    return tool
