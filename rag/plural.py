"""A count and a noun → English words for both."""

from __future__ import annotations


def counted(count: int, noun: str, several: str = "") -> str:
    """Return how many there are; `several` is the plural where it is not the noun with an s.

    >>> counted(1, "article"), counted(22, "article"), counted(0, "person", "people")
    ('1 article', '22 articles', '0 people')
    """
    return f"{count} {noun if count == 1 else several or noun + 's'}"
