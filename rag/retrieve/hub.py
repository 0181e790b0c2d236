"""A model's name or folder → whether it can be had: said at once, not after the hub's many tries."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from rag.errors import ModelError

_TIMEOUT_S: Final = 10.0


def resolve(model: str, noun: str, hint: str) -> str:
    """Return what to load for a model's name or folder; the hub is asked where it is not on this machine.

    `noun` says what kind of model it is, in messages.

    Raises:
        ModelError: there is no such folder, the hub has none of this name or cannot be reached.
    """
    path = Path(model).expanduser()
    if path.is_dir():
        return str(path)
    if path.is_absolute() or model.startswith((".", "~")) or os.sep * 2 in model:
        raise ModelError(f"no {noun} at {model}: got no such folder", hint=hint)
    if not _is_downloaded(model):
        _ask_hub(model, noun, hint)
    return model


def first_line(error: Exception) -> str:
    """Return the first line of an error's message; those of transformers fill a screen."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def _is_downloaded(model: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(model, "config.json"), str)


def _ask_hub(model: str, noun: str, hint: str) -> None:
    """Make sure that the hub answers and has the model: a download would try each file six times."""
    from huggingface_hub import model_info

    try:
        model_info(model, timeout=_TIMEOUT_S)
    except Exception as error:  # the hub's client raises those of its HTTP library too
        raise ModelError(
            f"the {noun} {model} is not on this machine, and the model hub cannot give it: "
            f"{first_line(error)}",
            hint=hint,
        ) from error
