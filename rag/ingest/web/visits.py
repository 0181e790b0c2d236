"""The nouns of reading from the web: what is known of an address, and what came of asking it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.ingest.outcomes import Failure, Reading

Kind = Literal["article", "feed", "sitemap"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said to recognise a version of a page by (RFC 9110, section 8.8)."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was noted of an address when it was last read."""

    article: str  # the id of its article, "" of a feed or sitemap
    validators: Validators = Validators()
    stamp: str = ""  # what its listing said of its version
    skip: bool = False  # the person has removed its article: leave it alone


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of an address: an article, a failure, or (None) nothing new."""

    url: str
    outcome: Reading | Failure | None
    known: Known | None  # what to note once the outcome is stored; None: nothing
    kind: Kind = "article"
    warning: str = ""
    complete: bool = True  # False: there is more to be had at another time
    share: float = 1.0  # how much of what was asked for is done after it
