"""The articles' database: canonical texts, sources and passage offsets; what everything else is derived from.

An article counts as indexed when its row says so. Writes come in two steps, `stage` and `confirm`, and
what was staged but never confirmed (a killed process) is found again by `unfinished`.
"""

from rag.archive.archive import Archive, Staged
from rag.archive.rows import digest

__all__ = ["Archive", "Staged", "digest"]
