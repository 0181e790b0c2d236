"""Measure the sample questions and write the README's table of figures: `python -m docs.figures`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rag.evaluate.run import evaluate
from rag.library import Library
from rag.resources import folder
from rag.settings import Settings

PAGE: Final = Path(__file__).parents[1] / "README.md"
QUESTIONS: Final = folder("data") / "questions" / "samples.jsonl"
START: Final = "<!-- figures -->\n"
END: Final = "<!-- end of figures -->\n"
_LANGUAGES: Final = {"de": "German", "en": "English"}
# Heading of a column, the figure it shows, and what of 1 it is.
COLUMNS: Final = {
    "right article first": "success@1",
    "right article in the first 5": "success@5",
    "right sentence quoted first": "quote_hit@1",
    "among the first 3 quotes": "quote_hit@3",
    "declined rightly": "abstention_recall",
    "declined wrongly": "false_refusals",
}


def measured(library: Library) -> dict[str, Any]:
    """Return the figures of the sample questions for each language."""
    figures, _ = evaluate(library, QUESTIONS, None, None)
    return {
        name: figures[code] | {"false_refusals": 1 - figures[code]["answered"]}
        for code, name in _LANGUAGES.items()
    }


def table(figures: Mapping[str, Any]) -> str:
    """Return the figures as a table of Markdown."""
    head = f"| questions | {' | '.join(COLUMNS)} |\n|---{'|---:' * len(COLUMNS)}|\n"
    return head + "".join(
        f"| {name} ({one['answerable']} + {one['unanswerable']}) "
        + "".join(f"| {one[figure]:.2f} " for figure in COLUMNS.values())
        + "|\n"
        for name, one in figures.items()
    )


def main() -> None:
    """Put the table between its two marks."""
    with tempfile.TemporaryDirectory() as store:
        chosen = Settings(store=Path(store), llm=None, _env_file=None)
        with Library.open(chosen, create=True) as library:
            library.index_samples()
            made = table(measured(library))
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    PAGE.write_text(before + START + made + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
