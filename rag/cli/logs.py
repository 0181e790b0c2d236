"""What `rag serve` logs: one line an event, as text or JSON, without what people ask, read or keep secret.

A line holds what this program says of an event (who, how long, what came of it) and never a question, a
text of an article or a key. Of an exception it holds the kind and where it was raised, of another library's
line only which one it was: their messages may repeat anything. With the level debug they are told in full.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

_OWN: Final = ("rag.", "uvicorn.")
_FRAMES: Final = 8  # of an exception, the innermost
_KNOWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "color_message", "taskName"}


class Format(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


class Level(StrEnum):
    """The least important lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure(form: Format, level: Level) -> None:
    """Log to the error stream from now on; other libraries from warnings on, all of theirs with debug."""
    handler = logging.StreamHandler()
    told_in_full = level is Level.DEBUG
    handler.setFormatter(_Json(told_in_full) if form is Format.JSON else _Text(told_in_full))
    number = logging.getLevelNamesMapping()[level.value.upper()]
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    logging.getLogger("rag").setLevel(number)


class _Json(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, told_in_full: bool) -> None:
        super().__init__()
        self._told_in_full = told_in_full

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_fields(record, self._told_in_full), ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    """The same for the eye: time, level, logger, message, and the rest as name=value."""

    def __init__(self, told_in_full: bool) -> None:
        super().__init__()
        self._told_in_full = told_in_full

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record, self._told_in_full)
        first = [str(fields.pop(name)) for name in ("time", "level", "logger", "message")]
        return " ".join([*first, *(f"{name}={value!r}" for name, value in fields.items())])


def _fields(record: logging.LogRecord, told_in_full: bool) -> dict[str, Any]:
    own = told_in_full or record.name.startswith(_OWN)
    fields: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage().strip() if own else f"{record.module}:{record.lineno}",
    }
    if own:
        fields |= {name: value for name, value in vars(record).items() if name not in _KNOWN}
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        fields["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        fields["where"] = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
        if told_in_full:
            fields["said"] = str(error)
    return fields
