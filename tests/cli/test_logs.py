"""Lines of the log: what they hold, and what they keep to themselves."""

import json
import logging
from collections.abc import Iterator

import pytest

from rag.cli.logs import Format, Level, configure


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Give the tests after these their own logging back."""
    root, own = logging.getLogger(), logging.getLogger("rag")
    handlers, level, own_level = root.handlers[:], root.level, own.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    own.setLevel(own_level)


def fail() -> None:
    raise ValueError("the question was: geheim")


def logged(form: Format, level: Level) -> None:
    configure(form, level)
    logging.getLogger("rag.test").info("question", extra={"outcome": "answered", "seconds": 0.5})
    logging.getLogger("library").info("geheim")
    logging.getLogger("library").warning("asked %s", "geheim")
    try:
        fail()
    except ValueError:
        logging.getLogger("rag.test").exception("it failed")


def test_a_line_of_json_is_one_event(capsys: pytest.CaptureFixture[str]) -> None:
    logged(Format.JSON, Level.INFO)
    text = capsys.readouterr().err
    question, warning, failure = map(json.loads, text.splitlines())
    assert (question["message"], question["outcome"], question["seconds"]) == ("question", "answered", 0.5)
    assert (question["level"], question["logger"]) == ("info", "rag.test")
    assert warning["logger"] == "library" and warning["message"].startswith("test_logs:")
    assert failure["error"] == "ValueError" and failure["where"][-1].endswith(" fail")
    assert "geheim" not in text


def test_text_tells_the_same_to_the_eye(capsys: pytest.CaptureFixture[str]) -> None:
    logged(Format.TEXT, Level.INFO)
    text = capsys.readouterr().err
    assert "info rag.test question outcome='answered' seconds=0.5" in text.splitlines()[0]
    assert len(text.splitlines()) == 3 and "geheim" not in text


def test_only_debug_tells_all(capsys: pytest.CaptureFixture[str]) -> None:
    logged(Format.JSON, Level.DEBUG)
    text = capsys.readouterr().err
    assert "asked geheim" in text and "the question was: geheim" in text
    logged(Format.JSON, Level.ERROR)
    assert [json.loads(line)["level"] for line in capsys.readouterr().err.splitlines()] == ["error"]
