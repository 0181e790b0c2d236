"""Write `docs/settings.md`, the table of every setting: `python -m docs.settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo

from rag.settings import Settings

PAGE: Final = Path(__file__).with_suffix(".md")
_WORKED_OUT: Final = {"store": "in the user data folder", "workers": "one for each core, 8 at most"}
_HEAD: Final = """# Settings

Options of a command, `RAG_*` variables and a `.env` file in the working folder; an option wins over a
variable, a variable over the file. `python -m docs.settings` writes this page from `rag/settings.py`.

| variable | default | values | meaning |
|---|---|---|---|
"""


def page() -> str:
    """Return the page, a row for each setting."""
    return _HEAD + "".join(
        f"| `RAG_{name.upper()}` | {default(name)} | {_values(field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )


def default(name: str) -> str:
    """Return a setting's default as the documentation writes it."""
    value = Settings.model_fields[name].default
    if name in _WORKED_OUT:
        return _WORKED_OUT[name]
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _values(field: FieldInfo) -> str:
    """Return what a setting may be, "" where its meaning says it."""
    if field.annotation is bool:
        return "0 or 1"
    low = next((f"{one.ge:g}" for one in field.metadata if isinstance(one, Ge)), None)
    above = next((f"above {one.gt:g}" for one in field.metadata if isinstance(one, Gt)), None)
    high = next((f"{one.le:g}" for one in field.metadata if isinstance(one, Le)), None)
    if high is None:
        return above or (f"{low} or more" if low else "")
    return f"{low} to {high}" if low else f"{above}, at most {high}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
