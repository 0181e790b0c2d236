"""A model's name or folder → the model, or at once why it cannot be had; and what tells it from others."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from rag.errors import ModelError

Kind = Literal["SentenceTransformer", "CrossEncoder"]
FINGERPRINT_CHARS: Final = 8
_TIMEOUT_S: Final = 10.0
_READ_WHOLE: Final = 1 << 26  # bytes up to which a file is read whole
_SAMPLES: Final = 256  # blocks that are read of a larger one: training changes the weights in all of them
_BLOCK: Final = 1 << 16


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


def load(kind: Kind, model: str, noun: str, hint: str, threads: int = 1) -> Any:
    """Load a model with sentence-transformers, which takes seconds to import, and set torch's threads.

    Raises:
        ModelError: as `resolve` does, or what is there is no model of this kind.
    """
    name = resolve(model, noun, hint)
    import sentence_transformers
    import torch
    from transformers.utils import logging

    torch.set_num_threads(threads)
    logging.disable_progress_bar()  # of weights that are read from disk in a moment
    logging.set_verbosity_error()  # a table of weights that mean pooling has no use for, before each answer
    try:
        return getattr(sentence_transformers, kind)(name)
    except Exception as error:  # transformers and huggingface_hub raise a dozen unrelated types here
        raise ModelError(f"the {noun} {model} cannot be loaded: {first_line(error)}", hint=hint) from error


def identity(model: str) -> str:
    """Return the name that a store records of a model: a folder's with the fingerprint of what is in it.

    So other weights at the same place are another model, and a folder that was moved is the same.
    """
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return model
    read = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            read.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
            for block in _blocks(path):
                read.update(block)
    return f"{folder.resolve().name}@{read.hexdigest()[:FINGERPRINT_CHARS]}"


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's content; of a large one blocks spread over it, from its first byte to its last."""
    size = path.stat().st_size
    if size <= _READ_WHOLE:
        yield path.read_bytes()
        return
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek((size - _BLOCK) * number // (_SAMPLES - 1))
            yield file.read(_BLOCK)


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
