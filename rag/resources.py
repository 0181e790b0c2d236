"""Where the prompts and data that travel with the package lie: in the wheel or in the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def folder(name: Literal["data", "prompts"]) -> Path:
    """Return the folder `name`, from inside the installed package or beside it in a checkout.

    Raises:
        FileNotFoundError: neither exists, so the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name!r} is missing from the installation at {package}")
