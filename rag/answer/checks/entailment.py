"""An entailment model (RAG_NLI) → how probably a premise says what a statement says.

Any sentence-transformers CrossEncoder with the classes entailment, neutral and contradiction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from rag.errors import ModelError
from rag.retrieve.embedding.hub import load

_HINT: Final = (
    "RAG_NLI names a CrossEncoder trained on natural language inference, a folder or a name on the model hub"
)


def open_entailment(name: str | None, threads: int = 1) -> Callable[[str, str], float] | None:
    """Return a function from premise and hypothesis to the probability of entailment; None without a name.

    Raises:
        ModelError: the model cannot be loaded, or none of its classes is called entailment.
    """
    if not name:
        return None
    model = load("CrossEncoder", name, "entailment model", _HINT, threads)
    labels = {int(n): str(label).lower() for n, label in model.model.config.id2label.items()}
    entailment = next((n for n, label in labels.items() if label.startswith("entail")), None)
    if entailment is None:
        raise ModelError(
            f"the model {name!r} tells {sorted(labels.values())}, not entailment",
            hint=_HINT,
        )

    def entail(premise: str, hypothesis: str) -> float:
        logits = np.asarray(model.predict([(premise, hypothesis)], convert_to_numpy=True))[0]
        odds = np.exp(logits - logits.max())
        return float(odds[entailment] / odds.sum())

    return entail
