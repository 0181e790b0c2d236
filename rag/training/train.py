"""Training: an untrained student and a course in, a trained student out; it resumes where it stopped.

Several single-threaded processes train side by side and average their weights every few steps (local SGD,
Stich 2019): on a busy machine they wait for each other far less often than the threads of one process do.
"""

import copy
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from tqdm import tqdm
from transformers import BertModel

from rag.training import attention
from rag.training.batches import Course, Lesson, LessonStream
from rag.training.checkpoint import Checkpoints
from rag.training.device import arithmetic, best_device
from rag.training.files import written
from rag.training.losses import Losses, distance
from rag.training.plans import TrainingPlan

log = logging.getLogger(__name__)

EMBEDDINGS = "embeddings.word_embeddings.weight"

Examine = Callable[[BertModel], dict[str, float]]


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
    """The student that does the arithmetic, in bf16; the student itself collects what it learns in float32.

    One and a half times as fast as autocast, which converts weights and states again and again.
    """

    def __init__(self, student: BertModel) -> None:
        self._student = student
        self.model = copy.deepcopy(student).to(arithmetic(student.device)).train()
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
        self.device = best_device()
        self.student = student.to(self.device).train()
        self.plan = plan
        self.progress = Progress()
        self._rank = rank
        self._log_file = folder / "log.jsonl"
        self._checkpoints = Checkpoints(folder, rank)
        self._lessons = LessonStream(course, plan.batches, self.device)
        self._optimizer = _optimizer(self.student, plan)
        self._working = WorkingCopy(self.student)
        self._share = 0.0

    def train(self, examine: Examine | None = None) -> None:
        """Train to the end of the plan."""
        self._resume()
        bar = tqdm(
            total=1.0,
            initial=round(self._share, 3),
            disable=self._rank != 0,
            desc="train",
            bar_format="{l_bar}{bar}| {elapsed}{postfix}",
        )
        saved_at = since = time.monotonic()
        while self._share < 1:
            losses = self._step(self.progress.step)
            self.progress.step += 1
            if self._meets():
                self.progress.seconds += time.monotonic() - since
                self._synchronise()
                self._report(bar, losses)
                if self._examines(examine):
                    self._examine(examine)
                if self._rank_zero_says(time.monotonic() - saved_at > 60 * self.plan.checkpoint_minutes):
                    self._save()
                    saved_at = time.monotonic()
                since = time.monotonic()
        bar.close()

    def _meets(self) -> bool:
        """Say whether the processes come together after this step."""
        is_last = self.plan.minutes is None and self.progress.step == self.plan.steps
        return is_last or self.progress.step % self.plan.synchronise_every == 0

    def _step(self, number: int) -> Losses:
        rates = _rate(self._share, self.plan)
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * rates
        losses = self._losses(self._lessons.lesson(number * self.plan.processes + self._rank))
        losses.total.backward()  # type: ignore[no-untyped-call]
        self._working.hand_over_gradients()
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), self.plan.max_gradient)
        self._optimizer.step()
        self._working.take_weights()
        return losses

    def _losses(self, lesson: Lesson) -> Losses:
        lesson = lesson.to(self.device)
        states = self._working.model(lesson.texts.ids, lesson.texts.mask).last_hidden_state
        return distance(states.float(), lesson, self.plan.losses)

    def _synchronise(self) -> None:
        """Average the processes' weights, and let all go by the first one's clock."""
        share = torch.tensor([self.progress.share(self.plan), self.progress.seconds], dtype=torch.float64)
        if self.plan.processes > 1:
            with torch.no_grad():
                weights = torch.nn.utils.parameters_to_vector(self.student.parameters())
                dist.all_reduce(weights)
                torch.nn.utils.vector_to_parameters(weights / self.plan.processes, self.student.parameters())
            self._working.take_weights()
            dist.broadcast(share, src=0)
        self._share, self.progress.seconds = float(share[0]), float(share[1])

    def _rank_zero_says(self, decision: bool) -> bool:
        """Let all do what the first one's clock says, and at the end all the same."""
        told = torch.tensor([float(decision)])
        if self.plan.processes > 1:
            dist.broadcast(told, src=0)
        return bool(told[0]) or self._share >= 1

    def _examines(self, examine: Examine | None) -> bool:
        is_due = self.progress.step % self.plan.examine_every < self.plan.synchronise_every
        return examine is not None and self._rank == 0 and is_due

    def _report(self, bar: "tqdm[None]", losses: Losses) -> None:
        if self._rank != 0:
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
        with self._log_file.open("a", encoding="utf-8") as file:
            seconds = round(self.progress.seconds, 1)
            file.write(json.dumps({"step": self.progress.step, "seconds": seconds} | line) + "\n")

    def _save(self) -> None:
        """Write all that the next step depends on; nothing is drawn but by a step's number."""
        self._checkpoints.save(
            self.progress.step,
            {
                "student": self.student.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "progress": asdict(self.progress),
            },
        )

    def _resume(self) -> None:
        state = self._checkpoints.load(self.device)
        if state is not None:
            self.student.load_state_dict(state["student"])
            self._optimizer.load_state_dict(state["optimizer"])
            self._working.take_weights()
            self.progress = Progress(**state["progress"])
            self._share = self.progress.share(self.plan)
            log.info("going on at step %d", self.progress.step)
        if self._rank == 0:
            self._forget_later_lines()

    def _forget_later_lines(self) -> None:
        """Take out of the log what stands there of steps that are taken again, and a line cut off."""
        if self._log_file.exists():
            lines = self._log_file.read_text(encoding="utf-8").splitlines(keepends=True)
            with written(self._log_file) as file:
                whole = (line for line in lines if line.endswith("\n"))
                kept = (line for line in whole if json.loads(line)["step"] <= self.progress.step)
                file.writelines(line.encode() for line in kept)


def _rate(share: float, plan: TrainingPlan) -> float:
    """Return the factor of the learning rates after `share` of the plan."""
    rising = share / plan.warmup if plan.warmup else 1.0
    return max(min(rising, (1 - share) / (1 - plan.warmup)), 1e-3)


def _optimizer(student: BertModel, plan: TrainingPlan) -> torch.optim.AdamW:
    body = [value for name, value in student.named_parameters() if name != EMBEDDINGS]
    embeddings = [value for name, value in student.named_parameters() if name == EMBEDDINGS]
    groups = [{"params": body, "peak": plan.body_rate}, {"params": embeddings, "peak": plan.embedding_rate}]
    return torch.optim.AdamW(groups, lr=plan.body_rate, betas=plan.betas, weight_decay=0.0, fused=True)
