"""The language models that a person may choose: the configured one, and those of an Ollama on this machine.

Nothing else can be chosen: who uses the page cannot point it at any other server.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from rag.answer.llm.model import LanguageModel, language_model, offered
from rag.errors import ModelError
from rag.settings import Settings

_KNOWN_S: Final = 30.0  # how long what Ollama has is taken for granted


class Models:
    """Opens each model when it is first chosen."""

    def __init__(self, settings: Settings) -> None:
        """Open the configured model, if there is one. Raises as `language_model` does."""
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: dict[str, LanguageModel] = {}
        self._offered: tuple[str, ...] = ()
        self._asked = -_KNOWN_S
        self.configured = language_model(settings)

    def offered(self) -> tuple[str, ...]:
        """Return what a running Ollama has beside the configured model, as RAG_LLM names it."""
        with self._lock:
            if time.monotonic() - self._asked > _KNOWN_S:
                found = offered(self._settings.ollama_url) if self._settings.ollama_url else []
                mine = self.configured.name if self.configured else None
                self._offered = tuple(name for name in found if name != mine)
                self._asked = time.monotonic()
            return self._offered

    def get(self, name: str | None) -> LanguageModel | None:
        """Return the model of that name; the configured one, or None without one, where no name is given.

        Raises:
            ModelError: there is no such model to choose.
        """
        if name is None or (self.configured is not None and name == self.configured.name):
            return self.configured
        if name not in self.offered():
            raise ModelError(
                f"the language model {name} is not there to be chosen",
                hint="start Ollama, or choose another one in the settings",
            )
        with self._lock:
            if name not in self._opened:
                here = {"llm": name, "llm_url": self._settings.ollama_url}
                model = language_model(self._settings.model_copy(update=here))
                assert model is not None
                self._opened[name] = model
            return self._opened[name]
