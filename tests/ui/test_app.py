"""The page as a web application: headers, assets, ports, and nothing more than it needs."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from gradio.utils import get_upload_folder

from rag.errors import SettingsError
from rag.library import Library
from rag.ui import app
from rag.ui.app import build, web
from rag.ui.server import serving


@pytest.fixture(scope="module")
def client(samples: Library) -> TestClient:
    """Return a client of the page over the samples."""
    return TestClient(web(samples))


def test_every_response_forbids_other_hosts(client: TestClient) -> None:
    for path in ("/", "/page/page.css", "/config"):
        response = client.get(path)
        assert response.status_code == 200
        policy = response.headers["content-security-policy"]
        assert "default-src 'self'" in policy and "connect-src 'self'" in policy and "http" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert response.headers["referrer-policy"] == "same-origin"
        assert not [name for name in response.headers if name.startswith("access-control-")]


def test_the_page_speaks_of_no_other_host(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert config["stylesheets"] == [] and config["run_history"] is False and config["footer_links"] == []


def test_assets_travel_with_the_package(client: TestClient) -> None:
    for name in ("conversation.css", "panel.css", "page.js", "fonts/source-serif-4-latin-400-normal.woff2"):
        assert client.get(f"/page/{name}").status_code == 200
    assert client.get("/page/../app.py").status_code == 404


def test_the_page_s_memory_of_sessions_is_bounded(samples: Library) -> None:
    """Keep few copies of the page's state: every call of an endpoint is a session of its own to Gradio."""
    assert build(samples).state_session_capacity <= 1_000


def test_nothing_is_offered_but_the_named_endpoints(client: TestClient) -> None:
    named = client.get("/gradio_api/info").json()["named_endpoints"]
    assert set(named) == {"/ask", "/search", "/get_article"}
    assert client.get("/docs").status_code == 404


def test_importing_the_command_line_does_not_load_gradio() -> None:
    script = "import sys, rag, rag.cli; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_free_port_is_found_and_a_taken_one_named() -> None:
    with serving.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        assert serving.address(first) == f"http://127.0.0.1:{port}/"
        with pytest.raises(SettingsError, match=f"port {port} of 127.0.0.1 is in use"):
            serving.listen("127.0.0.1", port)
    with serving.listen("127.0.0.1", None) as one, serving.listen("127.0.0.1", None) as two:
        assert two.getsockname()[1] > one.getsockname()[1] >= serving.FIRST_PORT


def test_what_is_uploaded_is_read_by_nobody_else(samples: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look where Gradio keeps uploads while the page is served, and that the folder is gone afterwards."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", "set back when the test ends")
    seen: list[Path] = []

    def run(*_: object) -> None:
        folder = Path(get_upload_folder())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        seen.append(folder)

    monkeypatch.setattr(serving, "run", run)
    app.serve(samples, "127.0.0.1", 0)
    assert len(seen) == 1 and not seen[0].exists()


def test_a_host_of_another_machine_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"cannot listen on 192\.0\.2\.1"):
        serving.listen("192.0.2.1", 0)


def test_the_address_can_be_opened_in_a_browser() -> None:
    with serving.listen("0.0.0.0", 0) as everywhere:
        assert serving.address(everywhere).startswith("http://127.0.0.1:")
    if socket.has_ipv6:
        try:
            with serving.listen("::1", 0) as six:
                assert serving.address(six).startswith("http://[::1]:")
        except SettingsError:
            pytest.skip("this machine has no IPv6 loopback")
