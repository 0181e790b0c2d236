"""Every sentence a language model reads: files in `prompts/`, one per prompt and language, checked."""

from __future__ import annotations

from functools import lru_cache
from string import Template
from typing import Final

from rag import resources
from rag.errors import SettingsError
from rag.language import SPOKEN

VARIABLES: Final[dict[str, set[str]]] = {
    "answer": {"evidence", "fence"},
    "question": {"question"},
    "rewrite": set(),
    "translation": {"fence"},
    "follow_up": {"history", "question"},
}


@lru_cache
def load(name: str, language: str) -> Template:
    """Return the prompt `name` in a language, English for any that has no file.

    Raises:
        SettingsError: the file is missing, not in UTF-8, or has other $variables than are filled in.
    """
    code = language if language in SPOKEN else "en"
    path = resources.folder("prompts") / f"{name}.{code}.txt"
    try:
        template = Template(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"the prompt {path} is missing", hint="reinstall, or restore the file") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"the prompt {path} is not written in UTF-8", hint="save it as UTF-8") from error
    found = set(template.get_identifiers())
    if not template.is_valid() or found != VARIABLES[name]:
        raise SettingsError(
            f"the prompt {path} uses {sorted(found)}, it must use {sorted(VARIABLES[name])}",
            hint="write variables as $name and a dollar sign as $$",
        )
    return template


def check() -> None:
    """Load every prompt in every language, so that a broken file is told before the first question.

    Raises:
        SettingsError: as `load` does.
    """
    for name in VARIABLES:
        for language in SPOKEN:
            load(name, language)


def fill(name: str, language: str, **values: str) -> str:
    """Return a prompt with its variables filled in."""
    return load(name, language).substitute(values).strip()
