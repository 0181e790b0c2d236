"""Whether the files of Chroma's vector index fit together, told before Chroma reads them.

It does not check them itself: with a wrong header it ends the process, with a file cut short it leaves
vectors out of its answers. Each number in the header follows from the others and the files' sizes.
"""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import Final

# hnswlib's header as Chroma writes it: version, offset of level 0, room for elements, elements, bytes of
# an element, offset of its label, offset of its vector, top level, entry point, links above level 0,
# links at level 0, links of a new element, level multiplier, breadth of construction.
_HEADER: Final = struct.Struct("<i6QiI3QdQ")
_VERSION: Final = 1
_LABEL_BYTES: Final = 8
_TRIES: Final = 10  # a writer may be at it just now
_PAUSE_S: Final = 0.05


def damage(folder: Path, dimension: int) -> str:
    """Return what does not fit in the index files below Chroma's folder, "" where all fits."""
    found = ""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_S)
        found = next(filter(None, (_look(path, dimension) for path in folder.glob("*/header.bin"))), "")
        if not found:
            break
    return found


def _look(path: Path, dimension: int) -> str:
    try:
        header = path.read_bytes()
        sizes = {name: (path.parent / name).stat().st_size for name in ("data_level0.bin", "length.bin")}
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    if len(header) != _HEADER.size:
        return f"{path} has {len(header)} bytes instead of {_HEADER.size}"
    version, start, room, count, size, label, vector, _, entry, upper, level0, links, _, _ = _HEADER.unpack(
        header
    )
    if version != _VERSION:
        return ""  # of a Chroma to come: it knows better
    fits = (
        start == 0
        and count <= room
        and (entry < count or not count)
        and level0 == 2 * upper == 2 * links
        and label == vector + 4 * dimension
        and size == label + _LABEL_BYTES
    )
    if not fits:
        return f"{path} holds numbers that contradict each other"
    for name, each in (("data_level0.bin", size), ("length.bin", 4)):  # with or without the spare room
        if sizes[name] < count * each:
            return f"{path.parent / name} has {sizes[name]} bytes, {count * each} are needed"
    return ""
