"""The product as a person starts it: `rag serve` on a new store, until Ctrl-C."""

import re
import signal
import subprocess
from pathlib import Path

from playwright.sync_api import expect

from tests import processes
from tests.browser.conftest import Visit


def test_serve_fills_a_new_store_and_answers_until_interrupted(visit: Visit, tmp_path: Path) -> None:
    command = [*processes.RAG, "serve", "--store", str(tmp_path / "store"), "--llm", "none"]
    with (tmp_path / "errors").open("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert address, (tmp_path / "errors").read_text()
            visitor = visit(address[0])
            expect(visitor.page.locator(".qc-count")).to_have_text("22 Artikel")
            expect(visitor.ask("Was forderte Putin bezüglich der NATO?")).to_contain_text(
                "rechtlich bindende"
            )
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.communicate()
    assert "Traceback" not in (tmp_path / "errors").read_text()
