"""Training: an untrained student and a course in, a trained student out; it resumes where it stopped.

Several single-threaded processes train side by side and average their weights every few steps (local SGD,
Stich 2019): on a busy machine they wait for each other far less often than the threads of one process do.
"""

import copy
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
import torch.distributed as dist
from tqdm import tqdm
from transformers import BertModel

from rag.training import attention
from rag.training.batches import BatchPlan, Course, Lesson, LessonStream
from rag.training.losses import Losses, LossWeights, distance
from rag.training.teacher import TextBatch

log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint-{rank}.pt"
EMBEDDINGS = "embeddings.word_embeddings.weight"

Examine = Callable[[BertModel], dict[str, float]]


@dataclass(frozen=True)
class TrainingPlan:
    """How long and how fast the student learns.

    Training ends after `steps`, or after `minutes` of training time if that is given; the learning rates
    rise over the first `warmup` share and fall linearly to zero at the end. The word vectors have a
    higher rate than the body, as most of the German ones are new and each is seen rarely. A step takes
    `batches_per_step` batches.
    """

    steps: int = 4000
    minutes: float | None = None
    body_rate: float = 3e-4
    embedding_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.98)
    warmup: float = 0.04
    batches_per_step: int = 2
    max_gradient: float = 1.0
    processes: int = 1
    threads: int = 1
    synchronise_every: int = 8
    checkpoint_minutes: float = 10.0
    examine_every: int = 200
    bank_size: int = 512
    stop_after: int | None = None
    batches: BatchPlan = field(default_factory=BatchPlan)
    losses: LossWeights = field(default_factory=LossWeights)


@dataclass
class Progress:
    """Where training stands: `step` steps done in `seconds` of training time, in all runs together."""

    step: int = 0
    seconds: float = 0.0

    def share(self, plan: TrainingPlan) -> float:
        """Return how much of the plan is done, from 0 to 1."""
        done = self.step / plan.steps if plan.minutes is None else self.seconds / (60 * plan.minutes)
        return min(1.0, done)


class WorkingCopy:
    """The student in bf16, which does the arithmetic; the student itself collects what it learns in float32.

    One and a half times as fast as autocast, which converts weights and states again and again.
    """

    def __init__(self, student: BertModel) -> None:
        self._student = student
        self.model = copy.deepcopy(student).to(torch.bfloat16).train()
        if student.device.type == "cpu":
            self.model.set_attn_implementation(attention.register())

    def hand_over_gradients(self) -> None:
        for theirs, ours in zip(self._student.parameters(), self.model.parameters(), strict=True):
            theirs.grad = None if ours.grad is None else ours.grad.float()
            ours.grad = None

    @torch.no_grad()
    def take_weights(self) -> None:
        for ours, theirs in zip(self.model.parameters(), self._student.parameters(), strict=True):
            ours.copy_(theirs)


class Trainer:
    """One process's student, optimiser and progress."""

    def __init__(
        self, student: BertModel, course: Course, plan: TrainingPlan, folder: Path, *, rank: int = 0
    ) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.student = student.to(self.device).train()
        self.plan = plan
        self.progress = Progress()
        self._rank = rank
        self._folder = folder
        self._lessons = LessonStream(course, plan.batches, bank_size=plan.bank_size)
        self._optimizer = _optimizer(self.student, plan)
        self._working = WorkingCopy(self.student)
        self._share = 0.0

    def train(self, examine: Examine | None = None) -> None:
        """Train to the end of the plan, or to `plan.stop_after` steps."""
        self._resume()
        bar = tqdm(
            total=1.0,
            initial=round(self._share, 3),
            disable=self._rank != 0,
            desc="train",
            bar_format="{l_bar}{bar}| {elapsed}{postfix}",
        )
        saved_at, since, last = time.monotonic(), time.monotonic(), None
        while self._share < 1 and self.progress.step != self.plan.stop_after:
            last = self._step(self.progress.step)
            self.progress.step += 1
            if self.progress.step % self.plan.synchronise_every == 0:
                self.progress.seconds += time.monotonic() - since
                self._synchronise()
                self._report(bar, last)
                if self._examines(examine):
                    self._examine(examine)
                if self._rank_zero_says(time.monotonic() - saved_at > 60 * self.plan.checkpoint_minutes):
                    self._save()
                    saved_at = time.monotonic()
                since = time.monotonic()
        self._synchronise()
        self._save()
        bar.close()

    def _step(self, number: int) -> Losses:
        rates = _rate(self._share, self.plan)
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * rates
        count = self.plan.batches_per_step
        first = (number * self.plan.processes + self._rank) * count
        for lesson_number in range(first, first + count):
            losses = self._losses(self._lessons.lesson(lesson_number))
            (losses.total / count).backward()  # type: ignore[no-untyped-call]
        self._working.hand_over_gradients()
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), self.plan.max_gradient)
        self._optimizer.step()
        self._working.take_weights()
        return losses

    def _losses(self, lesson: Lesson) -> Losses:
        lesson = _moved(lesson, self.device)
        states = self._working.model(lesson.texts.ids, lesson.texts.mask).last_hidden_state
        return distance(states.float(), lesson, self.plan.losses)

    def _synchronise(self) -> None:
        """Average the processes' weights, and let all go by the first one's clock."""
        share = torch.tensor([self.progress.share(self.plan), self.progress.seconds])
        if self.plan.processes > 1:
            with torch.no_grad():
                weights = torch.nn.utils.parameters_to_vector(self.student.parameters())
                dist.all_reduce(weights)
                torch.nn.utils.vector_to_parameters(weights / self.plan.processes, self.student.parameters())
            self._working.take_weights()
            dist.broadcast(share, src=0)
        self._share, self.progress.seconds = float(share[0]), float(share[1])

    def _rank_zero_says(self, decision: bool) -> bool:
        told = torch.tensor([float(decision)])
        if self.plan.processes > 1:
            dist.broadcast(told, src=0)
        return bool(told[0])

    def _examines(self, examine: Examine | None) -> bool:
        return examine is not None and self._rank == 0 and self.progress.step % self.plan.examine_every == 0

    def _report(self, bar: "tqdm[None]", losses: Losses | None) -> None:
        if self._rank != 0 or losses is None:
            return
        values = {name: round(value.item(), 4) for name, value in vars(losses).items()}
        bar.n = self._share
        bar.set_postfix({"step": self.progress.step, "loss": values["total"]})
        self._log({"share": round(self._share, 4), "epoch": self._lessons.epoch} | values)

    def _examine(self, examine: Examine | None) -> None:
        assert examine is not None
        self.student.eval()
        with torch.inference_mode():
            self._log({"examined": examine(self.student)})
        self.student.train()

    def _log(self, line: dict[str, object]) -> None:
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as file:
            seconds = round(self.progress.seconds, 1)
            file.write(json.dumps({"step": self.progress.step, "seconds": seconds} | line) + "\n")

    def _save(self) -> None:
        """Write the checkpoint to its place in one move, so that an interruption leaves the one before."""
        path = self._folder / CHECKPOINT.format(rank=self._rank)
        state = {
            "student": self.student.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "progress": asdict(self.progress),
        }
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def _resume(self) -> None:
        path = self._folder / CHECKPOINT.format(rank=self._rank)
        if path.exists():
            state = torch.load(path, map_location=self.device, weights_only=True)
            self.student.load_state_dict(state["student"])
            self._optimizer.load_state_dict(state["optimizer"])
            self._working.take_weights()
            self.progress = Progress(**state["progress"])
            self._share = self.progress.share(self.plan)
            log.info("going on at step %d", self.progress.step)


def _rate(share: float, plan: TrainingPlan) -> float:
    """Return the factor of the learning rates after `share` of the plan."""
    rising = share / plan.warmup if plan.warmup else 1.0
    return max(min(rising, (1 - share) / (1 - plan.warmup)), 1e-3)


def _optimizer(student: BertModel, plan: TrainingPlan) -> torch.optim.AdamW:
    body = [value for name, value in student.named_parameters() if name != EMBEDDINGS]
    embeddings = [value for name, value in student.named_parameters() if name == EMBEDDINGS]
    groups = [{"params": body, "peak": plan.body_rate}, {"params": embeddings, "peak": plan.embedding_rate}]
    return torch.optim.AdamW(groups, lr=plan.body_rate, betas=plan.betas, weight_decay=0.0, fused=True)


def _moved(lesson: Lesson, device: torch.device) -> Lesson:
    texts = lesson.texts
    ids, mask, segments = (part.to(device) for part in (texts.ids, texts.mask, texts.segments))
    others = (part.to(device) for part in (lesson.whole, lesson.rows, lesson.has_row, lesson.bank))
    return Lesson(TextBatch(ids, mask, segments, texts.max_rows), *others)
