"""A scripted language model behind a real OpenAI-compatible HTTP server on loopback, for tests.

    with LanguageModelServer() as server:
        server.say("Putin verlangte Garantien [1.2].", Reply(status=500))
        settings.load(llm="scripted", llm_url=server.url)

Each request takes the next reply of the script; what was asked is kept in `server.requests`. At
`server.ollama`
the same script is told in Ollama's protocol.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.threaded import Threaded

MODEL = "scripted"
_PATIENCE_S = 60.0  # longest silence; a test that waits longer hangs by mistake


@dataclass(frozen=True)
class Reply:
    """What the server does with one request: answers as told, or misbehaves as told."""

    text: str | Callable[[Mapping[str, Any]], str] = ""  # or a function of the request's body
    delta_chars: int = 8  # characters in a piece of a streamed text
    delay_s: float = 0.0  # before each piece
    cut_after: int | None = None  # pieces after which the connection breaks
    status: int = 200  # any other sends an error in OpenAI's form
    body: bytes | None = None  # sent as it stands instead of an answer
    silent: bool = False  # the request is taken and never answered
    endless: str | None = None  # streamed after the text, again and again, until the client hangs up
    finish: str = "stop"  # why the text ended: "length" where the limit cut it off
    stray: bytes | None = None  # sent as it stands after the text of a stream


class LanguageModelServer(Threaded):
    """The server, running in a thread as long as the context lasts."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self._script: deque[Reply] = deque()
        self._server = _Server(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        """The base URL to configure as RAG_LLM_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def ollama(self) -> str:
        """The address of the same server as an Ollama."""
        return self.url.removesuffix("/v1")

    def say(self, *replies: Reply | str) -> None:
        """Add replies to the script, a plain string as one that is streamed without delay."""
        self._script.extend(Reply(reply) if isinstance(reply, str) else reply for reply in replies)

    def clear(self) -> None:
        """Forget the rest of the script and what was asked."""
        self._script.clear()
        self.requests.clear()

    def prompt(self, index: int = -1) -> str:
        """Return all messages of a request as one text."""
        return "\n\n".join(str(message["content"]) for message in self.requests[index]["messages"])

    def _next(self, request: dict[str, Any]) -> Reply:
        self.requests.append(request)
        return self._script.popleft() if self._script else Reply(status=500)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        """Return a handler class that knows this server."""
        server = self

        class Handler(_Handler):
            def reply_to(self, request: dict[str, Any]) -> Reply:
                return server._next(request)

            def pause(self, seconds: float) -> None:
                server._stopping.wait(seconds)

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: clients that hang up are part of the script."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply_to(self, request: dict[str, Any]) -> Reply:
        raise NotImplementedError

    def pause(self, seconds: float) -> None:
        raise NotImplementedError

    def do_GET(self) -> None:
        if self.path.rstrip("/") == "/v1/models":
            entry = {"id": MODEL, "object": "model", "created": 0, "owned_by": "tests"}
            self._send(200, {"object": "list", "data": [entry]})
        elif self.path == "/api/tags":
            self._send(200, {"models": [{"model": MODEL, "name": MODEL}]})
        else:
            self._send(404, _error("no such path", 404))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        ollama = self.path == "/api/chat"
        if self.path.rstrip("/") != "/v1/chat/completions" and not ollama:
            self._send(404, _error("no such path", 404))
            return
        request = json.loads(raw)
        reply = self.reply_to(request)
        try:
            if ollama:
                self._tell_as_ollama(_text(reply, request))
            else:
                self._answer(request, reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has heard enough

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the tests' own output is enough."""

    def _answer(self, request: dict[str, Any], reply: Reply) -> None:
        if reply.silent:
            self.pause(_PATIENCE_S)
            self.close_connection = True
        elif reply.body is not None:
            self._send_raw(reply.status, reply.body, "text/html")
        elif reply.status != 200:
            self._send(reply.status, _error("scripted failure", reply.status))
        elif request.get("stream"):
            self._stream(request, reply)
        else:
            self.pause(reply.delay_s)
            self._send(200, _completion(request, _text(reply, request)))

    def _stream(self, request: dict[str, Any], reply: Reply) -> None:
        """Send server-sent events as OpenAI does, each as a chunk of an HTTP/1.1 response."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for number, event in enumerate(_events(request, reply)):
            if reply.cut_after is not None and number > reply.cut_after:
                self.close_connection = True  # without the last chunk: the client sees a broken response
                return
            if reply.delay_s:
                self.pause(reply.delay_s)
            self._chunk(f"data: {event}\n\n".encode())
        if reply.stray is not None:
            self._chunk(reply.stray)
        self._chunk(b"")

    def _tell_as_ollama(self, text: str) -> None:
        """Send a text word by word, each as a line of JSON."""
        head = {"model": MODEL, "created_at": "2021-12-07T12:00:00Z"}
        words = [{"message": {"role": "assistant", "content": word}} for word in text.split(" ")]
        for one in words[1:]:
            one["message"]["content"] = " " + one["message"]["content"]
        end = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
        lines = [json.dumps(head | {"done": False} | one) for one in (*words, end)]
        self._send_raw(200, ("\n".join(lines) + "\n").encode(), "application/x-ndjson")

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
        self.wfile.flush()

    def _send(self, status: int, value: object) -> None:
        self._send_raw(status, json.dumps(value).encode(), "application/json")

    def _send_raw(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        if status == 429:
            self.send_header("retry-after-ms", "10")
        self.end_headers()
        self.wfile.write(body)


def _text(reply: Reply, request: Mapping[str, Any]) -> str:
    return reply.text(request) if callable(reply.text) else reply.text


def _events(request: dict[str, Any], reply: Reply) -> Iterator[str]:
    """Yield the data of a stream's events: the role, the pieces, the end, the usage if asked for, [DONE]."""
    text = _text(reply, request)
    counted = bool((request.get("stream_options") or {}).get("include_usage"))
    frame = _frame(request, "chat.completion.chunk") | ({"usage": None} if counted else {})

    def event(delta: dict[str, str], finish: str | None = None) -> str:
        return json.dumps(frame | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield event({"role": "assistant", "content": ""})
    for start in range(0, len(text), reply.delta_chars):
        yield event({"content": text[start : start + reply.delta_chars]})
    while reply.endless is not None:
        yield event({"content": reply.endless})
    yield event({}, reply.finish)
    if counted:
        yield json.dumps(frame | {"choices": [], "usage": _usage(request, text)})
    yield "[DONE]"


def _completion(request: dict[str, Any], text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _frame(request, "chat.completion") | {"choices": [choice], "usage": _usage(request, text)}


def _frame(request: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-scripted",
        "object": kind,
        "created": int(time.time()),
        "model": request.get("model", MODEL),
    }


def _usage(request: dict[str, Any], text: str) -> dict[str, int]:
    """Count words where a real model counts tokens."""
    asked = sum(len(str(message["content"]).split()) for message in request["messages"])
    said = len(text.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _error(message: str, status: int) -> dict[str, Any]:
    kinds = {401: "invalid_request_error", 404: "invalid_request_error", 429: "rate_limit_error"}
    return {
        "error": {
            "message": message,
            "type": kinds.get(status, "server_error"),
            "param": None,
            "code": status,
        }
    }
