"""A folder of scraped texts → the lines that most of them share: the furniture of the site they are from."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Final

from rag.ingest.text.characters import canonical

_FILES: Final = 50  # looked at, the first by name: enough to know a site
_LEAST: Final = 4
_SHARE: Final = 0.6
_BYTES: Final = 100_000  # of each
_COPY: Final = 0.5  # share of lines in common that makes a text a copy of another


def lines_beside(path: Path) -> frozenset[str]:
    """Return the lines that most texts in the folder of `path` have; none where there are few texts."""
    try:
        return _shared(path.parent, path.parent.stat().st_mtime_ns, path.suffix)
    except OSError:
        return frozenset()


@lru_cache(maxsize=16)
def _shared(folder: Path, _changed_ns: int, suffix: str) -> frozenset[str]:
    names = sorted(one.name for one in folder.iterdir() if one.suffix == suffix and one.is_file())[:_FILES]
    if len(names) < _LEAST:
        return frozenset()
    texts: list[set[str]] = []
    for name in names:
        with (folder / name).open("rb") as file:
            text = canonical(file.read(_BYTES).decode("utf-8", errors="ignore"))
        own = {line.strip() for line in text.split("\n") if line.strip()}
        if not any(len(own & other) > _COPY * min(len(own), len(other)) for other in texts):
            texts.append(own)  # copies of an article share its own lines, so they count once
    counts = Counter(line for own in texts for line in own)
    least = max(_LEAST - 1, _SHARE * len(texts))
    return frozenset(line for line, count in counts.items() if count >= least)
