"""An entailment model (RAG_NLI) → how probably a premise says what a statement says.

Any sentence-transformers CrossEncoder with the classes entailment, neutral and contradiction.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rag.errors import ModelError


def open_entailment(name: str | None) -> Callable[[str, str], float] | None:
    """Return a function from premise and hypothesis to the probability of entailment; None without a name.

    Raises:
        ModelError: the model cannot be loaded, or none of its classes is called entailment.
    """
    if not name:
        return None
    try:
        from sentence_transformers import CrossEncoder

        model = CrossEncoder(name)
    except Exception as error:  # the library raises many kinds for a name that leads nowhere
        raise ModelError(
            f"the entailment model {name!r} cannot be loaded: {str(error).splitlines()[0]}",
            hint="RAG_NLI names a CrossEncoder for entailment: a folder or a name on the Hugging Face hub",
        ) from error
    labels = {int(n): str(label).lower() for n, label in model.model.config.id2label.items()}
    entailment = next((n for n, label in labels.items() if label.startswith("entail")), None)
    if entailment is None:
        raise ModelError(
            f"the model {name!r} tells {sorted(labels.values())}, not entailment",
            hint="RAG_NLI names a CrossEncoder trained on natural language inference",
        )

    def entail(premise: str, hypothesis: str) -> float:
        logits = np.asarray(model.predict([(premise, hypothesis)], convert_to_numpy=True))[0]
        odds = np.exp(logits - logits.max())
        return float(odds[entailment] / odds.sum())

    return entail
