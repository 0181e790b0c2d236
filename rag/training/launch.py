"""Start the training processes: a prepared work folder and a plan in, trained weights in that folder out."""

import shutil
import socket
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.multiprocessing.spawn import spawn
from transformers import BertModel

from rag.training.device import best_device
from rag.training.files import keep_to
from rag.training.plans import TrainingPlan
from rag.training.prepare import WorkFolder, load_student, open_course, save_student
from rag.training.retrieval import RetrievalSet, dense_scores, figures, read_sets, with_questions
from rag.training.teacher import encode_texts
from rag.training.train import Examine, Trainer

_HINT = "give the options as before; without training.json and checkpoint.json training begins anew"


def train(
    work: WorkFolder, plan: TrainingPlan, *, sets: Path | None = None, max_articles: int | None = 240
) -> None:
    """Train the work folder's student, go on where an earlier call stopped, and save it as `trained`.

    Args:
        sets: a folder of retrieval sets to examine the student on while it learns.

    Raises:
        SettingsError: the work folder has not been prepared, or training was begun there by another plan.
        InputError: `sets` holds no retrieval set with questions.
    """
    open_course(work)
    examine = examiner(work, with_questions(read_sets(sets, max_articles=max_articles))) if sets else None
    if best_device().type == "cuda":
        plan = replace(plan, processes=1)
    begun = work.training.exists() and work.checkpoint.exists()
    keep_to(work.training, plan.settings(), begun=begun, hint=_HINT)
    if not begun:  # what an earlier training left is not this one's
        work.checkpoint.unlink(missing_ok=True)
        shutil.rmtree(work.trained, ignore_errors=True)
    if plan.processes == 1:
        _train_process(0, work, plan, examine, None)
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    others = spawn(_train_other, (work, plan, address), nprocs=plan.processes - 1, join=False)  # type: ignore[no-untyped-call]
    _train_process(0, work, plan, examine, address)
    others.join()


def _train_other(number: int, work: WorkFolder, plan: TrainingPlan, address: str) -> None:
    _train_process(number + 1, work, plan, None, address)


def _train_process(
    rank: int, work: WorkFolder, plan: TrainingPlan, examine: Examine | None, address: str | None
) -> None:
    torch.set_num_threads(plan.threads)
    if address is not None:
        dist.init_process_group("gloo", init_method=address, rank=rank, world_size=plan.processes)
    trainer = Trainer(load_student(work.student), open_course(work), plan, work.path, rank=rank)
    trainer.train(examine)
    if rank == 0:
        save_student(trainer.student, work.trained)
    if address is not None:
        dist.destroy_process_group()


def examiner(work: WorkFolder, sets: list[RetrievalSet]) -> Examine:
    """Return what measures a student on `sets`: nDCG@10 of each language pair."""
    tokenizer = Tokenizer.from_file(str(work.tokenizer))

    def examine(student: BertModel) -> dict[str, float]:
        def encode(texts: list[str]) -> NDArray[np.float32]:
            return encode_texts(student, tokenizer, texts)

        return {name: round(value, 4) for name, value in figures(sets, dense_scores(encode)).items()}

    return examine
