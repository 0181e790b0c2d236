"""Indexing speed and memory, beside LangChain's loader-splitter-embedder-Chroma pipeline with the same model.

    python -m benchmarks indexing --source news.jsonl.xz --articles 1000

Every pipeline runs in a process of its own, in turns, on the same articles: generated ones, or those of the
source, varied (another id, sentences in another order, another number) until there are enough. The median of
several rounds is reported. LangChain's pipeline
is what its tutorial builds: chunks of 1,000 characters with an overlap of 200, embedded by
sentence-transformers, kept in Chroma; its loader is given for nothing. `langchain-int8` embeds with this
project's int8 model instead, which leaves the difference of the pipelines alone.
"""

from __future__ import annotations

import json
import lzma
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import corpus

PIPELINES = ("quellenchat", "langchain", "langchain-int8")
_BATCH = 1_000  # documents of one call; Chroma refuses more than 5,461 chunks


@dataclass(frozen=True)
class Figures:
    """What one pipeline needed."""

    pipeline: str
    articles: int
    passages: int
    wall_s: float
    cpu_s: float
    peak_mb: float  # resident memory of the process at its largest
    start_mb: float  # the same, before the first article
    disk_mb: float


def run(
    source: Path | None, articles: int, pipelines: Sequence[str] = PIPELINES, rounds: int = 1
) -> list[dict[str, Any]]:
    """Measure pipelines on the same articles, each in a new process; return a row of medians for each."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "news.jsonl"
        with dump.open("w", encoding="utf-8") as file:
            for article in islice(varied(source) if source else generated(articles), articles):
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
        taken = [[apart(pipeline, dump) for pipeline in pipelines] for _ in range(rounds)]
    return [_middle(found) for found in zip(*taken, strict=True)]


def _middle(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, str) else median(one[key] for one in found)
        for key, value in found[0].items()
    }


def generated(articles: int) -> Iterator[dict[str, Any]]:
    """Yield generated articles of four passages, half German and half English."""
    for article, _ in corpus.articles(4 * articles):
        yield {"id": article.id, "language": article.source.language, "text": article.text}


def apart(pipeline: str, dump: Path) -> dict[str, Any]:
    """Measure a pipeline in a new process."""
    command = [sys.executable, "-m", "benchmarks.indexing", pipeline, str(dump)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return found | {"articles_per_s": found["articles"] / found["wall_s"]}


def varied(source: Path) -> Iterator[dict[str, Any]]:
    """Yield the articles of a dump again and again, each time a little different, without end."""
    chance = random.Random(1)
    opened = lzma.open if source.suffix == ".xz" else open
    for turn in count():
        with opened(source, "rt", encoding="utf-8") as file:
            for line in file:
                article = json.loads(line)
                if turn:
                    sentences = re.split(r"(?<=[.!?]) ", article["text"])
                    chance.shuffle(sentences)
                    text = re.sub(
                        r"\d+", lambda _: str(chance.randint(2, 9_999)), " ".join(sentences), count=1
                    )
                    article |= {"id": f"{article['id']}-{turn}", "text": text}
                yield article


def measure(pipeline: str, dump: Path) -> Figures:
    """Run a pipeline in this process, from a dump to a store on disk."""
    with tempfile.TemporaryDirectory() as folder:
        begin = {"quellenchat": quellenchat, "langchain": langchain, "langchain-int8": langchain}[pipeline]
        work = begin(dump, Path(folder), pipeline.endswith("int8"))
        next(work)  # everything is imported and loaded now
        start_mb, wall, cpu = peak_mb(), time.monotonic(), time.process_time()
        articles, passages = next(work)
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        return Figures(
            pipeline, articles, passages, wall, cpu, peak_mb(), start_mb,
            sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6,
        )  # fmt: skip


def peak_mb() -> float:
    """Return the largest resident memory of this process so far (Linux counts it in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def quellenchat(dump: Path, folder: Path, _: bool) -> Iterator[tuple[int, int]]:
    """Index with this project."""
    from rag import settings
    from rag.library import Library

    with Library.open(settings.load(store=folder), create=True) as library:
        library._collection.encoder.encode(["warm"])
        yield 0, 0
        report = library.index([dump], watch=False)
        assert not report.failed
        yield len(report.added), library._collection.archive.passage_count()


def langchain(dump: Path, folder: Path, int8: bool) -> Iterator[tuple[int, int]]:
    """Index as LangChain's tutorial does."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    embeddings = _int8() if int8 else sentence_transformers()
    store = Chroma("news", embedding_function=embeddings, persist_directory=str(folder))
    embeddings.embed_query("warm")
    yield 0, 0
    articles = passages = 0
    with dump.open(encoding="utf-8") as file:
        records = map(json.loads, file)
        while part := list(islice(records, _BATCH // 4)):
            documents = [
                Document(record["text"], metadata={"id": record["id"], "language": record["language"]})
                for record in part
            ]
            chunks = splitter.split_documents(documents)
            store.add_documents(chunks)
            articles += len(documents)
            passages += len(chunks)
    yield articles, passages


def _int8() -> Any:
    from rag.retrieve.embedding.opening import open_embedder

    return open_embedder(None)


def sentence_transformers() -> Any:
    """Return the bundled model as `langchain_huggingface.HuggingFaceEmbeddings` runs it."""
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    from rag import resources

    model = SentenceTransformer(str(resources.folder("data") / "model"), device="cpu")

    class HuggingFaceEmbeddings(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode([text.replace("\n", " ") for text in texts]).tolist()
            return vectors

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return HuggingFaceEmbeddings()


if __name__ == "__main__":
    json.dump(asdict(measure(sys.argv[1], Path(sys.argv[2]))), sys.stdout)
