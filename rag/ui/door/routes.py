"""Which of Gradio's addresses are open at all, what may be sent to each, and whose session each is.

Gradio serves more than this page needs: any file that was ever uploaded, a proxy, recordings. And it takes
a session's number from the browser: whoever knew another's could read the answers of its stream.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, Response

from rag.access.limits import Pace
from rag.ui.door import orders
from rag.ui.door.asgi import App, Message, Receive, Scope, Send, at_most, header, path_of
from rag.ui.door.caller import of_scope

_API: Final = "/gradio_api/"
UPLOAD: Final = "/gradio_api/upload"
_FUNCTIONS: Final = "/gradio_api/component_server"  # takes values as they are, and the names of uploads
_OPEN: Final = re.compile(
    r"/|/login|/logout|/healthz|/readyz|/metrics|/page/.+|/assets/.+|/static/.+|/config/?|/theme\.css"
    r"|/favicon\.ico|/robots\.txt|/manifest\.json"
    r"|/gradio_api/(?:info/?|openapi\.json|app_id/?|theme\.css|startup-events|heartbeat/[\w-]+"
    r"|queue/(?:join|data)|run/\w+|cancel|reset/?|upload|component_server/?|call/(?:v2/)?\w+(?:/\w+)?|mcp/?|mcp/http/?)"
)
_EVENT: Final = re.compile(r"/gradio_api/(?:heartbeat|call(?:/v2)?/\w+)/([\w-]+)")
_STREAMED: Final = re.compile(r"/gradio_api/(?:queue/data|call/)")
_BODY_BYTES: Final = 16_000_000  # a long conversation goes along with each question, a pasted article too
_IN_A_MINUTE: Final = 600  # orders of one person; an idle page gives six
_SESSIONS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Known:
    """What a page has: the numbers of its components, and the sessions whose events it still tells of."""

    components: Container[object]
    told: Callable[[str], bool]


class Routes:
    """ASGI middleware: refuses closed addresses, too large bodies, files in orders and foreign sessions.

    `upload_bytes` is the largest upload at once; without `known` every component and session is.
    """

    def __init__(self, app: App, upload_bytes: int, known: Known | None = None) -> None:
        self._app = app
        self._known = known
        self._upload_bytes = upload_bytes
        self._owners = _Owners()
        self._pace = Pace(_IN_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        path = path_of(scope)
        most = self._upload_bytes if path == UPLOAD else _BODY_BYTES
        if _holds_session(scope, path):
            body = await _whole(receive, most)
            if body is None:
                await _refused(413, "too large")(scope, receive, send)
                return
            refusal = self._refused_order(path, body, of_scope(scope).person.name)
            await (refusal or self._app)(scope, _again(body, receive), send)
            return
        await self._app(scope, at_most(receive, most), send)

    def _refusal(self, scope: Scope) -> Response | None:
        path, caller = path_of(scope), of_scope(scope)
        if not _OPEN.fullmatch(path):
            return _refused(404, "not found")
        most = self._upload_bytes if path == UPLOAD else _BODY_BYTES
        told = header(scope, b"content-length")
        if told.isdigit() and int(told) > most:
            return _refused(413, f"larger than {most // 1_000_000} MB")
        if path == UPLOAD and not caller.person.edits:
            return _refused(403, "only editors may add articles")
        sessions = _sessions_in(scope, path)
        if not all(self._owners.owns(one, caller.person.name) for one in sessions):
            return _refused(404, "no such session")
        if scope["method"] == "GET" and _STREAMED.match(path) and not self._is_told(sessions):
            return _refused(404, "no such session")  # Gradio would begin to answer, and break off
        if scope["method"] == "POST" and caller.key and (wait := self._pace.come(caller.key)):
            response = _refused(429, "too many requests")
            response.headers["retry-after"] = str(int(wait) + 1)
            return response
        return None

    def _refused_order(self, path: str, body: bytes, name: str) -> Response | None:
        try:
            order = orders.read(body)
        except ValueError:
            return _refused(400, "not a JSON object")
        if not (path.startswith(_FUNCTIONS) or orders.is_plain(order)):
            return _refused(400, "files and components are not taken here")
        if not self._owners.owns(orders.session(order), name):
            return _refused(404, "no such session")
        if path.startswith(_FUNCTIONS) and not self._has(order.get("component_id")):
            return _refused(404, "no such component")
        return None

    def _is_told(self, sessions: list[str]) -> bool:
        return self._known is None or (bool(sessions) and all(map(self._known.told, sessions)))

    def _has(self, component: object) -> bool:
        return self._known is None or (type(component) is int and component in self._known.components)


class _Owners:
    """Whose each session is: the first to use one owns it."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def owns(self, session: str | None, name: str) -> bool:
        """Tell whether a person may use a session, and make it theirs where it is nobody's."""
        if session is None or not name:
            return True
        with self._lock:
            owner = self._names.setdefault(session, name)
            self._names.move_to_end(session)
            while len(self._names) > _SESSIONS:
                self._names.popitem(last=False)
        return owner == name


def _holds_session(scope: Scope, path: str) -> bool:
    """Tell whether the session stands in the body, as JSON."""
    return scope["method"] == "POST" and path.startswith(_API) and path != UPLOAD and "/mcp" not in path


def _sessions_in(scope: Scope, path: str) -> list[str]:
    """Return the sessions that an address names; an event's number opens a session of the same name."""
    named = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_hash", [])
    if scope["method"] != "POST" and (found := _EVENT.fullmatch(path)):
        named = [*named, found[1]]
    return named


async def _whole(receive: Receive, most: int) -> bytes | None:
    """Return a request's body, None where it is larger than `most` bytes."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body that was read already, then what the browser goes on with."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _refused(status: int, error: str) -> JSONResponse:
    return JSONResponse({"error": error, "detail": error}, status)
