"""`local:FILE.gguf` or `local:OWNER/REPO` → llama.cpp serving that model inside this process, on loopback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from rag.answer.llm import failures
from rag.errors import ModelError

_PREFERRED: Final = ("Q4_K_M", "Q4_K_S", "Q4_0", "Q5_K_M", "Q8_0")  # smaller first: this is for laptops
_PART: Final = re.compile(r"-\d{5}-of-(?P<of>\d{5})\.gguf$")
_TIMEOUT_S: Final = 10.0
EXAMPLE: Final = "write local:model.gguf, or local:Qwen/Qwen3-4B-GGUF to download it once"
_INSTALL: Final = "pip install 'quellenchat[local]'"


class LocalServer:
    """A llama.cpp server that runs as long as this object lives; speaks OpenAI's protocol at `url`."""

    def __init__(self, model: Path, context_tokens: int) -> None:
        """Load a GGUF file and listen on a free port of this machine only.

        Raises:
            ModelError: the package is missing, or the file is no model that llama.cpp can load.
        """
        try:
            import xllamacpp
        except ImportError as error:
            raise ModelError("llama.cpp is not installed", hint=_INSTALL) from error
        params: Any = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.n_ctx = context_tokens
        params.n_parallel = 1
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.verbosity = 0
        params.warmup = False
        try:
            self._server = xllamacpp.Server(params)
            self.url = f"{str(self._server.listening_address).rstrip('/')}/v1"
        except Exception as error:  # the binding raises bare RuntimeErrors
            raise ModelError(
                f"llama.cpp cannot load {model.name}: {failures.line(error)}",
                hint="give a complete GGUF file of a chat model, or a smaller one",
            ) from error


def find(name: str) -> Path:
    """Return the GGUF file that a name means: a file of this machine, or one of a hub's repository.

    What a hub holds is downloaded once, with a progress bar.

    Raises:
        ModelError: there is no such file, or the repository cannot be reached or holds none.
    """
    path = Path(name).expanduser()
    if path.suffix.lower() == ".gguf":
        if path.is_file():
            return path
        raise ModelError(f"there is no file {path}", hint="give the path of a GGUF file, or OWNER/REPO")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise ModelError(
            f"local:{name} is neither a GGUF file nor OWNER/REPO",
            hint=EXAMPLE,
        )
    return _downloaded(name)


def _downloaded(repository: str) -> Path:
    try:
        from huggingface_hub import HfApi, hf_hub_download
    except ImportError as error:
        raise ModelError("huggingface-hub is not installed", hint=_INSTALL) from error
    try:
        cached = _cached(repository)
        if cached is not None:
            return cached
        # One request: `list_repo_files` tries six times, half a minute where there is no network.
        listed = HfApi().model_info(repository, timeout=_TIMEOUT_S).siblings or []
        files = choose([one.rfilename for one in listed])
        paths = [Path(hf_hub_download(repository, file)) for file in files]
    except ModelError:
        raise
    except Exception as error:  # the hub's client has a kind for every way to be unreachable
        raise ModelError(
            f"the model {repository} cannot be downloaded: {failures.line(error)}",
            hint="check the name and the network, or download a GGUF file and write local:FILE.gguf",
        ) from error
    return paths[0]


def _cached(repository: str) -> Path | None:
    """Return the file that an earlier download left, so that nothing is asked of the hub."""
    from huggingface_hub.constants import HF_HUB_CACHE

    folder = Path(HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}" / "snapshots"
    there = sorted(path for path in folder.glob("*/**/*.gguf") if path.is_file())
    if not there:
        return None
    names = {path.name: path for path in there}
    try:
        first, *parts = choose(list(names))
    except ModelError:
        return None  # only what belongs to a model
    whole = _PART.search(first)
    return names[first] if whole is None or int(whole["of"]) == 1 + len(parts) else None


def choose(files: list[str]) -> list[str]:
    """Return the file of a repository to load, or all parts of it, the first part first.

    Raises:
        ModelError: none of them is a GGUF file.
    """
    models = sorted(file for file in files if file.lower().endswith(".gguf") and "mmproj" not in file.lower())
    if not models:
        raise ModelError("the repository holds no GGUF file", hint="look for one whose name ends in -GGUF")
    wanted = [file for kind in _PREFERRED for file in models if kind.lower() in file.lower()] or models
    parts = _PART.search(wanted[0])
    if parts is None:
        return wanted[:1]
    stem = wanted[0][: parts.start()]
    return [file for file in models if file.startswith(stem) and _PART.search(file)]
