"""Index, ask and serve under `strace`: not one attempt to reach another machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.network.strace import local, missing, outside, traced

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "strace")
RAG = [sys.executable, "-c", "from rag.cli import main; main()"]
ROOT = Path(__file__).parents[2]
ARTICLES = [
    ROOT / "data/articles/2021-12-08-kreml-videogipfel.md",
    ROOT / "data/articles/2024-12-08-notre-dame-reopening.md",
]
QUESTION = "Was forderte Putin bezüglich der NATO?"


def environment(home: Path) -> dict[str, str]:
    """Return a new user's environment: no caches, and nothing that keeps libraries from the network.

    Another program's wish to trace LangChain is part of it. The page does without uvloop, which sets up an
    io_uring, past which strace cannot look; its other event loop serves the very same application.
    """
    (home / "uvloop.py").write_text("raise ImportError")
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    wished = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_API_KEY": "x",
        "UV_USE_IO_URING": "0",
    }
    return {
        **kept,
        **wished,
        "PYTHONPATH": f"{home}:{ROOT}",
        "HOME": str(home),
        "RAG_STORE": str(home / "store"),
    }


def run(arguments: list[str], home: Path, log: Path) -> str:
    """Run a command of ours under the eyes of the kernel and return what it prints."""
    done = subprocess.run(
        traced([*RAG, *arguments], log),
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_trace_sees_native_code(tmp_path: Path) -> None:
    """Demand that a connection made past Python is seen, and a name that is looked up."""
    code = """
import ctypes, socket, struct
libc = ctypes.CDLL(None)
one = libc.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)
where = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(9), socket.inet_aton("192.0.2.1"))
libc.sendto(one, b"x", 1, 0, where, len(where))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.1", 9))
"""
    subprocess.run(traced([sys.executable, "-c", code], tmp_path / "log"), check=True, timeout=60)
    assert outside(tmp_path / "log") == ["192.0.2.1:9"]
    assert local(tmp_path / "log") == 1


def test_indexing_and_asking_reach_nobody(tmp_path: Path) -> None:
    run(["index", *map(str, ARTICLES)], tmp_path, tmp_path / "index.log")
    answer = json.loads(run(["ask", QUESTION, "--json"], tmp_path, tmp_path / "ask.log"))
    assert answer["citations"]
    assert outside(tmp_path / "index.log") == outside(tmp_path / "ask.log") == []


def test_the_page_reaches_nobody(tmp_path: Path) -> None:
    """Open the page, ask it, hand it an address to fetch; only this machine is ever contacted."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "serve.log"
    keep_pid = ["sh", "-c", 'echo $$ > pid; exec "$@"', "sh"]
    command = traced([*keep_pid, *RAG, "serve", "--port", str(port)], log)
    served = subprocess.Popen(
        command, env=environment(tmp_path), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)
        until = time.monotonic() + 240
        while True:
            try:
                assert client.get("/").status_code == 200
                break
            except httpx.TransportError:
                assert time.monotonic() < until and served.poll() is None
                time.sleep(0.2)
        config = client.get("/config").json()
        assert config["analytics_enabled"] is False
        event = client.post("/gradio_api/call/ask", json={"data": [QUESTION, "", "", "", ""]}).json()[
            "event_id"
        ]
        assert "citations" in client.get(f"/gradio_api/call/ask/{event}").text
        picture = {"path": "http://93.184.216.34/x.png", "meta": {"_type": "gradio.FileData"}}
        client.post("/gradio_api/call/get_article", json={"data": [picture]})
        client.close()
    finally:
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGINT)
        assert served.wait(60) == 0
    assert outside(log) == []


def test_no_library_reports_to_its_makers() -> None:
    """Demand the settings themselves, as each library reads them."""
    code = """
import os, rag
from rag import telemetry
telemetry.switch_off_tracing()
import huggingface_hub.constants, gradio.analytics, langsmith.utils
from langchain_core.tracers.context import _tracing_v2_is_enabled
assert huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY
assert not gradio.analytics.analytics_enabled()
assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
assert not langsmith.utils.tracing_is_enabled()
assert not _tracing_v2_is_enabled()
"""
    wished = {
        **os.environ,
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "GRADIO_ANALYTICS_ENABLED": "True",
    }
    subprocess.run([sys.executable, "-c", code], env=wished, check=True, timeout=120)
