"""An embedding server on loopback: a small model behind both protocols, with the faults of real servers."""

from __future__ import annotations

import json
import re
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from tests.threaded import Threaded

DIMENSION = 48


def embed(text: str) -> np.ndarray:
    """Return the vector of a text, not normalised: a sum of one random direction for each word of it."""
    words = re.findall(r"\w+", text.casefold()) or [""]
    return sum(np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIMENSION) for word in words)


class EmbeddingServer(Threaded):
    """Serves `model` until the `with` block ends.

    `native`: as text-embeddings-inference does, else as OpenAI does. `replies` are given first, one for each
    request: a status, 0 for hanging up, with headers; `asked` are the texts of each request for vectors.
    """

    def __init__(self, model: str, *, native: bool = False, key: str = "", most: int = 32) -> None:
        self.model, self.key, self.most, self.native = model, key, most, native
        self.replies: list[tuple[int, dict[str, str]]] = []
        self.asked: list[list[str]] = []
        self.answer: Any = None  # instead of vectors
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                known = {"/info": outer.native, "/v1/models": not outer.native}
                about = {"model_id": outer.model, "max_client_batch_size": outer.most}
                listed = {"object": "list", "data": [{"id": outer.model, "object": "model"}]}
                self.say(*((200, about if outer.native else listed) if known.get(self.path) else (404, {})))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.say(*outer.reply(self.path, self.headers.get("Authorization", ""), body))

            def say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
                if not status:  # hang up
                    self.close_connection = True
                    return
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(content))} | (headers or {})).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def reply(self, path: str, authorization: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        """Return status, body and headers."""
        if path != ("/embed" if self.native else "/v1/embeddings"):
            return 404, {}, {}
        if self.key and authorization != f"Bearer {self.key}":
            return 401, {"error": "wrong key"}, {}
        texts = body["inputs" if self.native else "input"]
        self.asked.append(texts)
        if self.replies:
            status, headers = self.replies.pop(0)
            return status, {"error": "busy"}, headers
        if len(texts) > self.most:
            return 422, {"error": f"batch size {len(texts)} > maximum allowed {self.most}"}, {}
        if self.answer is not None:
            return 200, self.answer, {}
        vectors = [embed(text).tolist() for text in texts]
        if self.native:
            assert body["truncate"] is True
            return 200, vectors, {}
        assert body["model"] == self.model
        rows = [{"index": place, "embedding": vector} for place, vector in enumerate(vectors)]
        return 200, {"object": "list", "data": rows[::-1], "model": self.model}, {}
