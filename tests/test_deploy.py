"""The files of `deploy/` stand up to their linters and schemas, and to what this project is."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rag.settings import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
BIN = Path(sys.executable).parent
CHECKS = {
    "Dockerfile": ["hadolint"],
    "compose.yaml": ["check-jsonschema", "--builtin-schema", "vendor.compose-spec"],
    "kubernetes.yaml": ["kubernetes-validate", "--strict"],
}
SPOILT = {
    "Dockerfile": ("USER 10001", "RUN cd /tmp && sudo apt-get install x"),
    "compose.yaml": ("    image: postgres:17", "    imgae: postgres:17"),
    "kubernetes.yaml": ("  replicas: 2", "  replicas: two"),
}


def lint(name: str, file: Path) -> subprocess.CompletedProcess[str]:
    """Run a file's own linter."""
    program, *options = CHECKS[name]
    return subprocess.run(
        [BIN / program, *options, file], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("name", CHECKS)
def test_a_linter_is_content_with_the_file_and_not_with_a_spoilt_one(name: str, tmp_path: Path) -> None:
    done = lint(name, DEPLOY / name)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert SPOILT[name][0] in text
    spoilt = tmp_path / name
    spoilt.write_text(text.replace(*SPOILT[name]), encoding="utf-8")
    assert lint(name, spoilt).returncode != 0


def test_the_yaml_is_written_as_yamllint_wants_it() -> None:
    done = subprocess.run(
        [BIN / "yamllint", "-s", DEPLOY], cwd=DEPLOY.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_setting_that_a_file_names_is_one() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    named: set[Any] = set(compose["services"]["page"]["environment"])
    text = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")
    named |= {word.split("=")[0] for word in text.replace("--from-literal=", " ").split() if "RAG_" in word}
    known = {f"RAG_{name.upper()}" for name in Settings.model_fields}
    assert {"RAG_CHROMA_URL", "RAG_DATABASE_URL"} <= named <= known


def test_the_container_starts_the_page_as_nobody_special() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert 'ENTRYPOINT ["rag"]' in lines and 'CMD ["serve", "--host", "0.0.0.0", "--port", "7860"]' in lines
    assert lines.index("USER 10001") < lines.index('ENTRYPOINT ["rag"]')
