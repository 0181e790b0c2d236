"""How well a language model's answers are cited: `python -m benchmarks.answer_quality --llm NAME`.

Asks the shipped questions of the sample collection (or `--questions` of `--store`) and reports ALCE's
citation recall and precision (Gao et al., "Enabling large language models to generate text with citations",
EMNLP 2023), unsupported statements and wrong abstentions. Where ALCE asks an entailment model, the house's
own check of figures, dates, names and likeness decides, or the entailment model that RAG_NLI names.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from rag import resources, settings
from rag.answer.checks import support
from rag.answer.checks.entailment import open_entailment
from rag.answer.checks.support import Checker
from rag.answer.evidence import Cited
from rag.errors import QuellenchatError
from rag.evaluate.cases import Case, read_cases
from rag.library import Library
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.lexical import lexicon
from rag.schema import Abstention, Answer, Citation, Hit


@dataclass(frozen=True, slots=True)
class Judged:
    """What ALCE asks of one answer: is each statement carried, is each of its citations needed."""

    statements: tuple[bool, ...]
    citations: tuple[bool, ...]

    @property
    def recall(self) -> float:
        """Return the share of statements that their citations carry, as ALCE does for each answer."""
        return sum(self.statements) / len(self.statements) if self.statements else 0.0

    @property
    def precision(self) -> float:
        """Return the share of citations that are of use; 0 for an answer without any."""
        return sum(self.citations) / len(self.citations) if self.citations else 0.0


def judge(checker: Checker, answer: Answer) -> Judged:
    """Judge every statement by all it cites, and every citation by whether it is of use for its statement.

    A citation is of use when its statement is carried, by it alone or not by the others without it.
    """
    cited = {one.marker: _cited(one, answer.hits) for one in answer.citations}
    carried, useful = [], []
    for one in answer.statements:
        said = answer.text[one.span.start : one.span.end]
        own = [cited[marker] for marker in one.markers]
        whole = bool(own) and checker.check(said, answer.language, own).supported
        carried.append(whole)
        for n, single in enumerate(own):
            others = own[:n] + own[n + 1 :]
            alone = len(own) == 1 or checker.check(said, answer.language, [single]).supported
            needed = alone or not checker.check(said, answer.language, others).supported
            useful.append(whole and needed)
    return Judged(tuple(carried), tuple(useful))


def _cited(one: Citation, hits: Sequence[Hit]) -> Cited:
    """Return a citation with the sentence before it, which says who "he" is."""
    for hit in hits:
        if hit.source.id == one.source.id and one.span in hit.passage.sentences:
            at = hit.passage.sentences.index(one.span)
            before = hit.passage.quote(hit.passage.sentences[at - 1]) if at else ""
            return Cited(one.source, one.span, one.quote, before)
    return Cited(one.source, one.span, one.quote)


def measure(library: Library, cases: Sequence[Case], checker: Checker) -> dict[str, Any]:
    """Ask every question and return the figures, with one line per question under `answers`."""
    outcomes = [(case, library.ask(case.question)) for case in cases]
    answers = [(case, one) for case, one in outcomes if isinstance(one, Answer)]
    written = [one for _, one in answers if one.model == library.model]
    judged = [judge(checker, one) for one in written]
    citations = [one for answer in written for one in answer.citations]
    answerable = [one for case, one in outcomes if case.articles]
    hopeless = [one for case, one in outcomes if not case.articles]
    usage = [one.usage for _, one in outcomes if one.usage]
    costs = [one.cost for one in usage if one.cost is not None]
    first = [one.timings.first for one in written]
    return {
        "model": library.model,
        "questions": len(cases),
        "answers_of_the_model": len(written),
        "quotations_stood_in": len(answers) - len(written),
        "statements": sum(len(one.statements) for one in judged),
        "citations": sum(len(one.citations) for one in judged),
        "citations_found_by_program": sum(one.found for one in citations),
        "citation_recall": _mean([one.recall for one in judged]),
        "citation_precision": _mean([one.precision for one in judged]),
        "unsupported_statements": _share([not one.supported for a in written for one in a.statements]),
        "wrong_abstentions": _share([isinstance(one, Abstention) for one in answerable]),
        "right_abstentions": _share([isinstance(one, Abstention) for one in hopeless]),
        "first_text_ms_p50": _percentile(first, 50),
        "first_text_ms_p95": _percentile(first, 95),
        "input_tokens": sum(one.input_tokens for one in usage),
        "output_tokens": sum(one.output_tokens for one in usage),
        "cost_usd": round(sum(costs), 6) if costs else None,
        "answers": [
            {"question": one.question, "text": one.text, "warnings": list(one.warnings), **asdict(flags)}
            for one, flags in zip(written, judged, strict=True)
        ],
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures as aligned lines."""
    shown = {name: value for name, value in figures.items() if name != "answers"}
    width = max(map(len, shown))
    return "\n".join(f"{name:<{width}}  {'–' if value is None else value}" for name, value in shown.items())


def _share(flags: Sequence[bool]) -> float | None:
    return round(float(np.mean(flags)), 4) if flags else None


def _mean(values: Sequence[float]) -> float | None:
    """Return the mean over answers, which is how ALCE's own program counts."""
    return round(float(np.mean(values)), 4) if values else None


def _percentile(values: Sequence[float], percent: int) -> float | None:
    return round(float(np.percentile(values, percent)), 1) if values else None


def run(llm: str | None, store: Path | None, questions: Path | None, limit: int | None) -> dict[str, Any]:
    """Measure a configured model on a store, or on the sample collection made for the occasion."""
    asked = questions or resources.folder("data") / "questions" / "samples.jsonl"
    cases = [case for case, _ in read_cases(asked)][:limit]
    with TemporaryDirectory() as temporary:
        chosen = settings.load(store=store or Path(temporary) / "store", llm=llm)
        encode = open_embedder(chosen.embedding_model, threads=chosen.threads).encode
        checker = Checker(encode, lexicon.bundled(), support.bundled(), open_entailment(chosen.nli))
        with Library.open(chosen, create=store is None) as library:
            if store is None:
                library.index_samples()
            return measure(library, cases, checker)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as a table, and write them as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--llm", help="language model such as ollama:qwen3:4b, or none (RAG_LLM)")
    parser.add_argument("--store", type=Path, help="collection to ask; default: the samples")
    parser.add_argument("--questions", type=Path, help="questions with known articles (.jsonl)")
    parser.add_argument("--limit", type=int, help="ask the first of them only")
    parser.add_argument("--out", type=Path, help="write figures and answers here as JSON")
    given = parser.parse_args(arguments)
    try:
        figures = run(given.llm, given.store, given.questions, given.limit)
    except QuellenchatError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 1
    sys.stdout.write(table(figures) + "\n")
    if given.out:
        given.out.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
