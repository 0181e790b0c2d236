"""Files to read → shares of files, or of the lines of dumps, in their order, for one worker each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rag.ingest.formats import table
from rag.ingest.inputs import Input
from rag.ingest.outcomes import Failure
from rag.ingest.reading import Record, records

_SHARE: Final = 32  # files or lines that are read at once
_SHARE_BYTES: Final = 8_000_000  # the same, where they are large
Columns = Mapping[str, str] | None
Piece = Input | Record | Failure


def pieces(inputs: Sequence[Input], max_chars: int, columns: Columns) -> Iterator[tuple[int, Piece]]:
    """Yield each file with its number; of a dump, its lines."""
    for number, one in enumerate(inputs):
        some = records(one.path, max_chars, columns) if is_dump(one) else (one,)
        yield from ((number, piece) for piece in some)


def shares(given: Iterable[tuple[int, Piece]]) -> Iterator[list[tuple[int, Piece]]]:
    """Put pieces together that are read at once, in their order."""
    share: list[tuple[int, Piece]] = []
    size = 0
    for number, piece in given:
        share.append((number, piece))
        size += _size(piece)
        if len(share) == _SHARE or size > _SHARE_BYTES:
            yield share
            share, size = [], 0
    if share:
        yield share


def _size(piece: Piece) -> int:
    if isinstance(piece, Input):
        try:
            return piece.path.stat().st_size
        except OSError:
            return 0  # gone meanwhile: reading says so
    return len(getattr(getattr(piece, "draft", None), "text", ""))


def is_dump(one: Input) -> bool:
    """Tell whether a file holds an article a line."""
    return table.suffix(one.path.name) in table.DUMPS
