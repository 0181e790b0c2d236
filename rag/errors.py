"""Everything that can go wrong in a way the user can mend: one tree, each error with a hint.

QuellenchatError
├── InputError          an input (file, line, page) cannot become an article
│   └── FetchError           an address that cannot or must not be fetched
├── QuestionError       a question that cannot be asked (empty, too long)
├── SettingsError       an option or RAG_* variable that makes no sense
├── AccessError         a name or password that cannot be given, or something only editors may do
├── LimitError          a person who asks or sends more than one may at a time
├── NotFoundError       an article id, a publisher or a language that is not in the store
├── StoreError          the store cannot be opened, read or written
│   ├── StoreMismatchError   built by another model, chunking or format version
│   └── StoreBusyError       another process is writing
├── WorkersError        processes that should index cannot be reached or are lost
└── ModelError          an embedding or language model cannot be loaded or does not answer
"""

from __future__ import annotations


class QuellenchatError(Exception):
    """An error with a message that says what was wrong and a hint that says what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InputError(QuellenchatError):
    """An input that cannot become an article."""


class FetchError(InputError):
    """An address that cannot, or must not, be fetched."""


class QuestionError(QuellenchatError):
    """A question that cannot be asked."""


class SettingsError(QuellenchatError):
    """An option or environment variable that makes no sense."""


class AccessError(QuellenchatError):
    """A name or password that cannot be given, or something that only editors may do."""


class LimitError(QuellenchatError):
    """More questions or files than one person may send at a time."""


class NotFoundError(QuellenchatError):
    """An article id, a publisher or a language that is not in the store."""


class StoreError(QuellenchatError):
    """A store that cannot be opened, read or written."""


class StoreMismatchError(StoreError):
    """A store that another embedding model, chunking or format version built."""


class StoreBusyError(StoreError):
    """A store that another process has been writing for too long."""


class WorkersError(QuellenchatError):
    """A cluster whose workers cannot be reached, or were lost."""


class ModelError(QuellenchatError):
    """An embedding or language model that cannot be loaded or does not answer."""
