"""Demand that the tables of settings say what `rag/settings.py` does."""

from __future__ import annotations

import re

from docs.settings import PAGE, default, page
from rag.settings import Settings
from tests.docs.pages import read

_ROW = re.compile(r"^\| `RAG_(\w+)` \| ([^|]+?) \| [^|]+ \|$", re.M)


def test_the_page_of_all_settings_is_up_to_date() -> None:
    """Demand what `python -m docs.settings` writes."""
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m docs.settings`"


def test_every_setting_says_what_it_means() -> None:
    """Demand a description of each."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_readme_gives_the_right_defaults() -> None:
    """Compare each row of the README's table, one variable a row."""
    rows = dict(_ROW.findall(read("README.md")))
    assert len(rows) >= 5
    assert rows == {name: default(name.lower()) for name in rows}
