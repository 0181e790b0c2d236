"""How the student is trained, in numbers: the defaults are those of the recipe in `data/model/README.md`."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class BatchPlan:
    """How texts are drawn: every run in German, and `english_share` of the runs in English as well.

    Lengths within a batch differ by little: lengths are blurred by `length_noise` (a share of the
    length), sorted and cut into batches of at most `tokens_per_batch` tokens with padding. Each text is
    compared with the `neighbours` texts that the teacher finds nearest to it, besides `bank_size` at random:
    those are the ones that are easily taken for it.
    """

    tokens_per_batch: int = 3072
    english_share: float = 0.25
    length_noise: float = 0.1
    max_tokens: int = 256
    neighbours: int = 8
    bank_size: int = 512
    seed: int = 0


@dataclass(frozen=True)
class LossWeights:
    """The weight of each term, and the temperature of the similarity distributions."""

    whole: float = 1.0
    rows: float = 0.5
    similarity: float = 0.3
    temperature: float = 0.05


@dataclass(frozen=True)
class TrainingPlan:
    """How long and how fast the student learns.

    Training ends after `steps`, or after `minutes` of training time if that is given; the learning rates
    rise over the first `warmup` share and fall linearly to zero at the end. The word vectors have a
    higher rate than the body, as most of the German ones are new and each is seen rarely. In a step each
    process learns from one batch.
    """

    steps: int = 3168
    minutes: float | None = None
    body_rate: float = 2e-4
    embedding_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.98)
    warmup: float = 0.04
    max_gradient: float = 1.0
    processes: int = 1
    threads: int = 1
    synchronise_every: int = 16
    checkpoint_minutes: float = 10.0
    examine_every: int = 200
    batches: BatchPlan = field(default_factory=BatchPlan)
    losses: LossWeights = field(default_factory=LossWeights)

    def settings(self) -> dict[str, Any]:
        """Return all that the trained weights depend on."""
        free = ("threads", "checkpoint_minutes", "examine_every")
        return {name: value for name, value in asdict(self).items() if name not in free}
