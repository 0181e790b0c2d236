"""Parallel text: TSV files in, German-English pairs and the rows a model can learn from out."""

import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rag.errors import InputError

TSV_COLUMNS = 3
_FORM = "give .tsv or .tsv.xz files in UTF-8 with lines of German<TAB>English<TAB>source"


@dataclass(frozen=True)
class Pair:
    """One row of parallel text, and the name of the source it comes from."""

    german: str
    english: str
    source: str

    @property
    def is_question(self) -> bool:
        return self.german.endswith("?") and self.english.endswith("?")


@dataclass(frozen=True)
class RowChoice:
    """Which rows are worth a training step.

    `unordered` names the sources whose rows are single, shuffled sentences: they are never joined to
    passages, and only their longer rows and their questions are learnt from. Very short everyday
    sentences teach little.
    """

    unordered: tuple[str, ...] = ()
    min_words: int = 6
    min_words_unordered: int = 9
    min_words_question: int = 4

    def takes(self, pair: Pair) -> bool:
        """Say whether the row is worth learning from by itself."""
        words = len(pair.german.split())
        if pair.is_question:
            return words >= self.min_words_question
        return words >= (self.min_words_unordered if self.is_unordered(pair) else self.min_words)

    def keeps(self, pair: Pair) -> bool:
        """Say whether the row is of use at all: by itself, or within a passage of an ordered source."""
        return not self.is_unordered(pair) or self.takes(pair)

    def is_unordered(self, pair: Pair) -> bool:
        return pair.source in self.unordered


def read_pairs(paths: Iterable[Path]) -> list[Pair]:
    """Read parallel text: three tab-separated columns, German, English, source; `.tsv` or `.tsv.xz`, UTF-8.

    Blank lines and rows with one side only are passed over: nothing can be learnt from them.

    Raises:
        InputError: a file cannot be read, a line does not have three columns, or nothing was read.
    """
    pairs: list[Pair] = []
    for path in paths:
        try:
            with _open_text(path) as lines:
                rows = (_parse(line, path, number) for number, line in enumerate(lines, 1) if line.strip())
                pairs.extend(pair for pair in rows if pair.german.strip() and pair.english.strip())
        except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read: {error}", hint=_FORM) from error
    if not pairs:
        raise InputError("no parallel text: got no rows", hint=_FORM)
    return pairs


def drop_repeats(pairs: Sequence[Pair]) -> list[Pair]:
    """Keep the first row of each German text; two German texts for the same English one both stay."""
    first: dict[str, Pair] = {}
    for pair in pairs:
        first.setdefault(pair.german, pair)
    return list(first.values())


def _open_text(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _parse(line: str, path: Path, number: int) -> Pair:
    columns = line.rstrip("\n").split("\t")
    if len(columns) != TSV_COLUMNS:
        raise InputError(f"{path}:{number}: got {len(columns)} columns, wanted {TSV_COLUMNS}", hint=_FORM)
    return Pair(*columns)
