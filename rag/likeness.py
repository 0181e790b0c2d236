"""Texts → which of them tell the same, as agency texts do in several outlets.

Two texts are alike when most of their runs of three words are the same (Broder, "On the resemblance and
containment of documents", 1997), estimated by MinHash, and when their sentences hold the same figures: a
corrected or updated report has other figures, and must never pass for a copy of the old one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

VERSION: Final = 1  # raise when a text's likeness changes: all are computed anew
ALIKE: Final = 0.75  # least share of common runs: another masthead, headline or lead-in, not other paragraphs
_PERMUTATIONS: Final = 128
_BANDS: Final = (
    32  # of four permutations each: texts at the threshold share one in all but 5 of a million cases
)
_RUN: Final = 3  # words
_WORDS: Final = 20  # shorter texts are alike by chance
_SENTENCE_WORDS: Final = 8  # fewer are a masthead, a credit or a note of the time of publication
_WORD: Final = re.compile(r"\w+")
_ENDED: Final = re.compile(r"""[.!?…:]["'“”‘’»«)\]]*$""")
_DATELINE: Final = re.compile(r"^.{0,60}?\([^()]{2,40}\)\s*[-–—:]+\s")  # "MOSKAU, 8. Dezember (dpa) – "
_FIGURE: Final = re.compile(
    r"\d+(?:[.,:]\d+)*|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dutzende?|hunderte?|tausende?"
    r"|hälfte|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half)\b"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What tells whether a text is like another: only texts that share a band need be compared."""

    signature: bytes  # 128 unsigned 32-bit numbers, little-endian; empty for a text too short to compare
    bands: tuple[int, ...]  # signed 64-bit, with the figures in them


def likeness(text: str) -> Likeness:
    """Return the likeness of a canonical text; one of fewer than 20 words is like no other."""
    from datasketch import MinHash

    words = _WORD.findall(text.casefold())
    if len(words) < _WORDS:
        return Likeness(b"", ())
    runs = {" ".join(words[first : first + _RUN]) for first in range(len(words) - _RUN + 1)}
    made = MinHash(num_perm=_PERMUTATIONS, seed=1, scheme="affine32")
    made.update_batch([run.encode() for run in sorted(runs)])
    signature = np.asarray(made.hashvalues, dtype="<u4")
    told = f"{VERSION} {' '.join(sorted(figures(text)))}".encode()
    bands = [
        hashlib.blake2b(bytes([number]) + part.tobytes() + told, digest_size=8).digest()
        for number, part in enumerate(signature.reshape(_BANDS, -1))
    ]
    return Likeness(signature.tobytes(), tuple(int.from_bytes(one, "little", signed=True) for one in bands))


def figures(text: str) -> set[str]:
    """Return the figures that stand in the sentences of a text, in digits or words."""
    found: set[str] = set()
    for line in text.splitlines():
        line = _DATELINE.sub("", line.strip())
        if _ENDED.search(line) and len(_WORD.findall(line)) >= _SENTENCE_WORDS:
            found.update(_FIGURE.findall(line.casefold()))
    return found


def alike(signature: bytes, others: Sequence[bytes]) -> NDArray[np.bool_]:
    """Tell for each of n other signatures, shape (n,), whether its text is estimated to be alike."""
    own = np.frombuffer(signature, dtype="<u4")
    rows = np.frombuffer(b"".join(others), dtype="<u4").reshape(len(others), len(own))
    return np.asarray((rows == own).mean(axis=1) >= ALIKE)


def components(signatures: Sequence[bytes]) -> list[list[int]]:
    """Return the positions of signatures that hang together by likeness, in order."""
    left = list(range(len(signatures)))
    found = []
    while left:
        reached, left = [left[0]], left[1:]
        for one in reached:  # grows while it is walked
            if not left:
                break
            near = alike(signatures[one], [signatures[other] for other in left])
            reached += [other for other, is_near in zip(left, near, strict=True) if is_near]
            left = [other for other, is_near in zip(left, near, strict=True) if not is_near]
        found.append(sorted(reached))
    return found
