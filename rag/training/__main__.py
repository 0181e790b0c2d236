"""Make the bilingual embedding model: the steps of the recipe, in the order in which they are run."""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import QuellenchatError
from rag.training.plans import BatchPlan, LossWeights, TrainingPlan

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)

Corpus = Annotated[
    list[Path], typer.Argument(help="Parallel text, .tsv or .tsv.xz: German, English, source.")
]
Work = Annotated[Path, typer.Option(help="Work folder: everything in the making, checkpoints too.")]
Sets = Annotated[
    Path, typer.Option(help="Retrieval sets: articles.{de,en}.jsonl and questions.*-on-*.jsonl.")
]
Unordered = Annotated[
    list[str], typer.Option(help="A source whose rows are single sentences without order; may be repeated.")
]
Teacher = Annotated[str, typer.Option(help="English teacher: a folder or a sentence-transformers name.")]

# How the student is trained.
ExaminedOn = Annotated[Path | None, typer.Option(help="Retrieval sets to examine on meanwhile.")]
Steps = Annotated[int, typer.Option(min=1, help="Length in steps of each process.")]
Minutes = Annotated[float | None, typer.Option(min=0.01, help="Length in training time instead.")]
Processes = Annotated[int, typer.Option(min=1, help="Processes side by side; one on a GPU.")]
Threads = Annotated[int, typer.Option(min=1, help="Threads of each process.")]
Tokens = Annotated[int, typer.Option(min=1, help="Tokens of a batch, padding included.")]
English = Annotated[
    float, typer.Option(min=0, max=1, help="Share of the texts that are also read in English.")
]
Neighbours = Annotated[
    int, typer.Option(min=0, help="How many texts most like it each text is compared with.")
]
Similarity = Annotated[float, typer.Option(min=0, help="Weight of its similarities to other texts.")]
Rows = Annotated[float, typer.Option(min=0, help="Weight of the rows within a text.")]
BodyRate = Annotated[float, typer.Option(min=0, help="Highest learning rate of the body.")]
EmbeddingRate = Annotated[float, typer.Option(min=0, help="Highest learning rate of the word vectors.")]
SynchroniseEvery = Annotated[
    int, typer.Option(min=1, help="Steps after which processes average their weights.")
]
CheckpointMinutes = Annotated[
    float, typer.Option(min=0, help="At most so much is lost where training is stopped.")
]


@app.command()
def prepare(
    corpus: Corpus,
    work: Work,
    teacher: Teacher = "sentence-transformers/all-MiniLM-L6-v2",
    unordered: Unordered = [],  # noqa: B006  (typer copies it)
    vocabulary: Annotated[int, typer.Option(min=1, help="Word pieces in all.")] = 42_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything that is drawn.")] = 0,
) -> None:
    """Make tokenizer, tokens, the teacher's vectors and the untrained student."""
    from rag.training import prepare as step
    from rag.training.corpus import RowChoice
    from rag.training.runs import RunPlan
    from rag.training.vocabulary import VocabularySize

    preparation = step.Preparation(
        tuple(corpus),
        teacher,
        RowChoice(unordered=tuple(unordered)),
        VocabularySize(pieces=vocabulary),
        RunPlan(seed=seed),
    )
    step.prepare(preparation, step.WorkFolder(work))


@app.command()
def train(
    work: Work,
    sets: ExaminedOn = None,
    steps: Steps = TrainingPlan.steps,
    minutes: Minutes = None,
    processes: Processes = 1,
    threads: Threads = 1,
    tokens: Tokens = BatchPlan.tokens_per_batch,
    english: English = BatchPlan.english_share,
    neighbours: Neighbours = BatchPlan.neighbours,
    similarity: Similarity = LossWeights.similarity,
    rows: Rows = LossWeights.rows,
    body_rate: BodyRate = TrainingPlan.body_rate,
    embedding_rate: EmbeddingRate = TrainingPlan.embedding_rate,
    synchronise_every: SynchroniseEvery = TrainingPlan.synchronise_every,
    checkpoint_minutes: CheckpointMinutes = TrainingPlan.checkpoint_minutes,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the order.")] = 0,
) -> None:
    """Train the student, or go on where training stopped."""
    from rag.training import launch
    from rag.training.prepare import WorkFolder

    plan = TrainingPlan(
        steps=steps,
        minutes=minutes,
        processes=processes,
        threads=threads,
        body_rate=body_rate,
        embedding_rate=embedding_rate,
        synchronise_every=synchronise_every,
        checkpoint_minutes=checkpoint_minutes,
        batches=BatchPlan(tokens_per_batch=tokens, english_share=english, neighbours=neighbours, seed=seed),
        losses=LossWeights(rows=rows, similarity=similarity),
    )
    launch.train(WorkFolder(work), plan, sets=sets)


@app.command()
def mix(
    work: Work,
    to: Annotated[Path, typer.Option(help="New work folder, on the same preparation.")],
    share: Annotated[float, typer.Option(min=0, max=1, help="Weight of the trained student.")] = 0.65,
) -> None:
    """Make a work folder whose student is a mean of the trained and the untrained one."""
    from rag.training import prepare as step

    step.mix(step.WorkFolder(work), step.WorkFolder(to), share)


@app.command()
def export(work: Work, to: Annotated[Path, typer.Option(help="Folder for the finished model.")]) -> None:
    """Write the student, trained if it was, as a sentence-transformers folder with an int8 ONNX graph."""
    from tokenizers import Tokenizer

    from rag.training import export as step
    from rag.training.prepare import WorkFolder, finished_student, sample_texts

    folder = WorkFolder(work)
    student = finished_student(folder)
    texts = list(sample_texts(folder))
    axes = step.principal_axes(student, texts)
    step.export(student, Tokenizer.from_file(str(folder.tokenizer)), to, axes, texts)


@app.command()
def lexicon(corpus: Corpus, to: Annotated[Path, typer.Option(help="File to write, .tsv.xz.")]) -> None:
    """Learn the lexicon of term translations."""
    from rag.training import lexicon as step
    from rag.training.corpus import drop_repeats, read_pairs

    step.write_lexicon(step.build_lexicon(drop_repeats(read_pairs(corpus)), step.LexiconPlan()), to)


@app.command()
def evaluate(
    sets: Sets,
    models: Annotated[list[str], typer.Argument(help="Sentence-transformers names or folders.")] = [],  # noqa: B006
    int8: Annotated[
        list[Path], typer.Option(help="Exported folder whose int8 graph to measure; may be repeated.")
    ] = [],  # noqa: B006
    bm25: Annotated[bool, typer.Option(help="Measure the lexical index alone.")] = True,
    lexicon: Annotated[Path | None, typer.Option(help="Measure it with this lexicon too.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads.")] = 1,
) -> None:
    """Print nDCG@10 of models and of BM25 for each language pair."""
    from rag.retrieve.embedding.bundled import OnnxEmbedder
    from rag.retrieve.embedding.transformer import SentenceTransformerEmbedder
    from rag.training import evaluate as step
    from rag.training.retrieval import read_sets, with_questions

    read = with_questions(read_sets(sets))
    rows: dict[str, step.Figures] = {}
    for model in models:
        rows[model] = step.evaluate_model(SentenceTransformerEmbedder(model, threads=threads), read)
    for folder in int8:
        rows[f"{folder} int8"] = step.evaluate_model(OnnxEmbedder(folder, threads=threads), read)
    if bm25:
        rows["BM25"] = step.evaluate_bm25(read)
    if lexicon:
        rows["BM25, translated"] = step.evaluate_bm25(read, lexicon)
    typer.echo(step.table(rows))


@app.command()
def benchmark(
    model: Annotated[Path, typer.Argument(help="Folder of an exported model.")],
    sets: Sets,
    passages: Annotated[int, typer.Option(min=1, help="How many passages to encode.")] = 96,
) -> None:
    """Print the speed of torch and ONNX in full and reduced precision, on one and two threads."""
    from rag.training import benchmark as step
    from rag.training.retrieval import read_sets, with_questions

    one = with_questions(read_sets(sets))[0]
    typer.echo("| form | threads | passages/s | question, ms |\n|---|---:|---:|---:|")
    for speed in step.measure(model, one.articles[:passages], one.questions[: step.QUESTION_ROUNDS]):
        typer.echo(
            f"| {speed.form} | {speed.threads} | {speed.passages_per_s:.0f} | {speed.question_ms:.1f} |"
        )


def main() -> None:
    """Run the command line with the progress of each step on standard error; a known error is one line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        app()
    except QuellenchatError as error:
        typer.echo(f"{error}\n{error.hint}".rstrip(), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
