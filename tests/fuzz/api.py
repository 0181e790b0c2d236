"""Fuzz the page's HTTP interface for a while: python -m tests.fuzz.api --seconds 600

Every address that the door leaves open is asked by every method, with orders that have the right form, nearly
the right one or none. Whoever asks is a reader. Demanded each time: no status of 500 or more, nothing of the
program's inside in a reply, and the headers that belong to each; afterwards the collection is as before and
the page answers.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import rag.settings
from rag.access.people import People, Role, file_of
from rag.library import Library
from rag.ui.door import routes
from tests.browser.conftest import running

WORD: Final = "Geheimniskrämerei"  # stands in every order; no line of the log may hold it
PASSWORD: Final = "ein paar stille Wörter"
_INSIDE: Final = ("Traceback (", "site-packages", 'File "/', "/etc/", str(Path(__file__).parents[2]))
_LONGEST_S: Final = 60.0
ENDPOINTS: Final = ("ask", "search", "get_article")
_FUNCTIONS: Final = (
    "judge", "follow_ups", "translate", "open_article", "list_articles", "add_files", "add_text", "add_address",
    "adding_progress", "edit_form", "edit_article", "remove_article", "nothing", "__init__", "postprocess",
)  # fmt: skip
_PATHS: Final = (
    "/", "/login", "/healthz", "/readyz", "/metrics", "/config", "/theme.css", "/manifest.json",
    "/robots.txt", "/favicon.ico", "/page/page.css", "/page/..%2f..%2fapp.py", "/page/", "/assets/nothing.js",
    "/static/%00", "/static/..%2f..%2f..%2fetc%2fhostname", "/gradio_api/info", "/gradio_api/openapi.json",
    "/gradio_api/app_id", "/gradio_api/startup-events", "/gradio_api/queue/join", "/gradio_api/upload",
    "/gradio_api/run/ask", "/gradio_api/run/predict", "/gradio_api/cancel", "/gradio_api/reset",
    "/gradio_api/component_server", "/gradio_api/mcp", "/gradio_api/file=/etc/hostname", "/nothing",
    *(f"/gradio_api/call/{name}" for name in (*ENDPOINTS, "_ask", "nothing")),
    *(f"/gradio_api/call/v2/{name}" for name in ENDPOINTS),
)  # fmt: skip
_KEYS: Final = (
    "article", "start", "end", "from", "to", "middle", "question", "right", "citations", "quote", "language", "turns",
    "outcome", "settings", "answerer", "passages", "strictness", "filter", "since", "until", "publisher", "words",
    "shown", "files", "path", "name", "text", "title", "url", "changes", "role", "content", "type", "turn",
)  # fmt: skip
_IDS: Final = ("2021-11-09-revil-ransomware-charges.md", "nothing.md", "../store", "")

words: Final = st.sampled_from(
    (WORD, *_IDS, "de", "en", "quotes", "2021-12-07", "9999-99-99", "Putin NATO", "%00", "\x00", "<script>")
) | st.text(max_size=20)
values: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**30) | st.floats() | words | st.just("x" * 3_000),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip
messages: Final = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["user", "assistant", "system"]) | words,
            "content": words | st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": words})),
        }
    )
    | values,
    max_size=4,
)
queries: Final = st.dictionaries(
    st.sampled_from(["session_hash", "next", "language", "deep_link", "upload_id", "article", "start", "__theme"]),
    words, max_size=3,
)  # fmt: skip
headers: Final = st.fixed_dictionaries(
    {},
    optional={
        "accept": st.sampled_from(["text/html", "*/*", "text/event-stream", ""]),
        "accept-language": st.sampled_from(["de", "en;q=0", ",,;;q=x", "x" * 5_000]),
        "content-type": st.sampled_from(
            ["application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "x"]
        ),
        "x-forwarded-for": st.sampled_from(["198.51.100.1", "x", ",", "::1%eth0", "unknown"]),
        "x-forwarded-host": st.sampled_from(["news.example", "", "[", "a b"]),
        "range": st.sampled_from(["bytes=0-", "bytes=9-1", "x"]),
        "if-none-match": st.sampled_from(['"x"', "*"]),
        "origin": st.sampled_from(["http://evil.example", "null", "http://["]),
        "cookie": st.sampled_from(["qc_language=xx", "qc_language=de; a", "=;=;", "x" * 5_000]),
    },
)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """Make an order of Gradio's, with what the page's functions take or nearly."""
    order = {
        "session_hash": draw(st.sampled_from(["mine", "", None, 7]) | words),
        "fn_index": draw(st.integers(-2, 20) | values),
        "data": draw(st.lists(messages | values, max_size=6) | values),
        "event_data": draw(st.none() | values),
    }
    kept = draw(st.sets(st.sampled_from(sorted(order)), min_size=2))
    return {name: order[name] for name in kept}


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """Make a call of one of the page's server functions, by any component."""
    return {
        "session_hash": "mine",
        "component_id": draw(st.integers(0, 20) | values),
        "fn_name": draw(st.sampled_from(_FUNCTIONS)),
        "data": draw(values),
    }


bodies: Final = (
    orders().map(lambda one: json.dumps(one).encode())
    | values.map(lambda one: json.dumps(one).encode())
    | st.binary(max_size=300)
    | st.just(
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="../a\x00.md"\r\n\r\nText\r\n--x--\r\n'
    )
)
requests: Final = st.tuples(
    st.sampled_from(["GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]),
    st.sampled_from(_PATHS), queries, headers, bodies,
)  # fmt: skip


class Inside(logging.Handler):
    """Keeps what the program logs of what it did not expect."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.unexpected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if record.exc_info or WORD in line:
            kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            self.unexpected.append(f"{record.name}: {kind} {line[:200]}")


class Attacked:
    """A page, and a reader who asks it for everything."""

    def __init__(self, address: str, library: Library, inside: Inside) -> None:
        self.asked = 0
        self._inside = inside
        self._library = library
        self._before = self._collection()
        self.client = httpx.Client(base_url=address, timeout=_LONGEST_S, trust_env=False)
        self.client.post("/login", data={"username": "bert", "password": PASSWORD}).raise_for_status()
        told = self.client.get("/config").json()
        self.components = [one["id"] for one in told["components"]]

    def ask(self, method: str, path: str, query: Any, head: Any, body: bytes) -> None:
        """Send one request and look at the reply."""
        self.asked += 1
        encoded = {name: str(value).encode("utf-8", "surrogatepass") for name, value in query.items()}
        with self.client.stream(method, path, params=encoded, headers=head, content=body) as reply:
            began, content = time.monotonic(), b""
            assert reply.status_code < 500, reply.status_code
            for (
                piece
            ) in reply.iter_raw():  # a stream of the page ends by itself only where there is an answer
                content += piece
                if len(content) > 100_000 or path.startswith("/gradio_api/heartbeat"):
                    break
            assert time.monotonic() - began < _LONGEST_S
        text = content.decode("utf-8", "replace")
        if not path.startswith(("/assets", "/gradio_api/openapi", "/gradio_api/info")):
            assert not [one for one in _INSIDE if one in text], text[:500]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in reply.headers["content-security-policy"]

    def call(self, call: dict[str, Any]) -> None:
        """Call a server function; a component that stands among the first is taken as one of the page's."""
        number = call["component_id"]
        if isinstance(number, int) and 0 <= number < len(self.components):
            call = call | {"component_id": self.components[number]}
        body = json.dumps(call).encode()
        self.ask("POST", "/gradio_api/component_server", {}, {"content-type": "application/json"}, body)

    def event(self, endpoint: str, data: Any) -> None:
        """Ask a named endpoint and follow its event to the end."""
        self.asked += 1
        begun = self.client.post(f"/gradio_api/call/{endpoint}", content=json.dumps({"data": data}))
        assert begun.status_code < 500
        if begun.status_code == 200:
            number = begun.json()["event_id"]
            self.ask("GET", f"/gradio_api/call/{endpoint}/{number}", {}, {}, b"")

    def check(self) -> None:
        """Demand that all is as before, that nothing unexpected was logged, and that the page answers."""
        assert self._inside.unexpected == []
        assert self._collection() == self._before
        assert self.client.get("/readyz").status_code == 200
        self.client.close()

    def _collection(self) -> list[tuple[str, str]]:
        return [(one.id, self._library.article(one.id).text) for one in self._library.articles()]


@contextmanager
def attacked(store: Path) -> Iterator[Attacked]:
    """Serve a store, which gets a reader, and yield the attack on it; in the end all is checked."""
    chosen = rag.settings.load(store=store, questions_a_minute=1_000_000, answers_at_once=1_000)
    People(file_of(chosen)).add("bert", PASSWORD, Role.READER)
    inside, pace = Inside(), routes._IN_A_MINUTE
    routes._IN_A_MINUTE = 10**9  # type: ignore[misc]
    logging.getLogger().addHandler(inside)
    try:
        with Library.open(chosen) as library, running(library) as address:
            attack = Attacked(address, library, inside)
            yield attack
            attack.check()
    finally:
        logging.getLogger().removeHandler(inside)
        routes._IN_A_MINUTE = pace  # type: ignore[misc]


def main() -> int:
    """Attack a page over the sample articles until the time is over or something is found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.api")
    parser.add_argument("--seconds", type=int, default=600)
    seconds = parser.parse_args().seconds
    logging.basicConfig(level=logging.CRITICAL, stream=sys.stderr)
    with TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        with Library.open(rag.settings.load(store=store), create=True) as library:
            library.index([Path(__file__).parents[2] / "data" / "articles"])
        until = time.monotonic() + seconds
        with attacked(store) as attack:
            _until(attack, until)
    print(f"{attack.asked} requests, nothing found")
    return 0


def _until(attack: Attacked, until: float) -> None:
    """Attack until then."""
    seeds = 0
    while time.monotonic() < until:
        seeds += 1

        @seed(seeds)
        @settings(max_examples=20, deadline=None, phases=[Phase.generate], database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(requests, calls(), st.sampled_from(ENDPOINTS), st.lists(values, max_size=6))
        def attacks(request: Any, call: Any, endpoint: str, data: Any) -> None:
            attack.ask(*request)
            attack.call(call)
            attack.event(endpoint, data)

        attacks()


if __name__ == "__main__":
    raise SystemExit(main())
