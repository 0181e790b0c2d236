"""Print what becomes of the corpus: python -m tests.injection [CASE…]"""

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.injection.cases import corpus
from tests.injection.trial import Outcome, ask, collection


def main() -> int:
    """Ask about every case, or the named ones at length; the exit code tells whether anything is broken."""
    chosen, cases = sys.argv[1:], corpus()
    with TemporaryDirectory() as folder, collection(cases, Path(folder)) as (library, model, articles):
        outcomes = [
            ask(case, cases, library, model, articles.get(case.name))
            for case in cases
            if not chosen or case.name in chosen
        ]
    for one in outcomes:
        if chosen:
            print(f"{one.case.name}\n{one.prompt}\n{one}\n")
        for words in one.broken:
            print(f"{one.case.name}: {words}")
    report(outcomes)
    return int(any(one.broken for one in outcomes))


def report(outcomes: list[Outcome]) -> None:
    """Print the figures by technique, then all together."""
    print(f"{'technique':36}{'cases':>6}{'model':>7}{'shown':>7}{'marked':>8}{'rendered':>10}")
    techniques = Counter(one.case.technique for one in outcomes)
    for technique in [*techniques, None]:
        some = [one for one in outcomes if technique in (None, one.case.technique)]
        reached = sum(one.reached_model for one in some)
        shown = sum(one.shown in ("marked", "unmarked", "refusal") for one in some)
        marked = sum(one.shown == "marked" for one in some)
        rendered = sum(len(one.rendered) for one in some)
        print(f"{technique or 'all':36}{len(some):6}{reached:7}{shown:7}{marked:8}{rendered:10}")
    unmarked = [one.case.name for one in outcomes if one.shown == "unmarked"]
    print("shown as supported:", ", ".join(unmarked) or "none")


if __name__ == "__main__":
    raise SystemExit(main())
