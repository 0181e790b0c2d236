"""A store's folder: what built it, who may write to it, a copy of it, and another in its place."""

from rag.store.lock import unchanged, writing
from rag.store.manifest import (
    FORMAT,
    Manifest,
    as_fields,
    check_manifest,
    exists,
    format_of,
    make_folder,
    read_manifest,
    settle_manifest,
    stamp,
    write_manifest,
)

__all__ = [
    "FORMAT",
    "Manifest",
    "as_fields",
    "check_manifest",
    "exists",
    "format_of",
    "make_folder",
    "read_manifest",
    "settle_manifest",
    "stamp",
    "unchanged",
    "write_manifest",
    "writing",
]
