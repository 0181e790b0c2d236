"""Where the embedding model spends its time: each operator of its graph, as onnxruntime counts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from tokenizers import Tokenizer

from benchmarks import corpus
from rag import resources
from rag.retrieve.embedding.bundled import MAX_TOKENS, open_session, session_options

_SHOWN: Final = 8  # operators with a row of their own


def run(passages: int, model: Path | None = None) -> list[dict[str, Any]]:
    """Embed generated passages on one core; return rows, the dearest operators first."""
    folder = model or resources.folder("data") / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    texts = [cut.text for _, some in corpus.articles(passages) for cut in some]
    with TemporaryDirectory() as scratch:
        options = session_options(threads=1)
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(scratch) / "profile")
        session = open_session(folder / "onnx" / "model_int8.onnx", options)
        for text in texts:
            rows = np.asarray([tokenizer.encode(text).ids[:MAX_TOKENS]], dtype=np.int64)
            session.run(None, {"input_ids": rows, "attention_mask": np.ones_like(rows)})
        events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    spent: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("kernel_time"):
            spent[event["args"]["op_name"]] += event["dur"]
    whole = spent.total()
    dearest = spent.most_common(_SHOWN)
    rows = [*dearest, ("all others", whole - sum(us for _, us in dearest))]
    return [
        {"operator": name, "ms_a_passage": round(us / 1e3 / len(texts), 2), "share": round(us / whole, 3)}
        for name, us in rows
    ]
