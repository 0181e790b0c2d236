"""Embedding models: the bundled one, and any of sentence-transformers."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from transformers import BertConfig, BertModel

from rag.errors import ModelError
from rag.retrieve.embedding import hub
from rag.retrieve.embedding.bundled import OnnxEmbedder
from rag.retrieve.embedding.embedder import Embedder
from rag.retrieve.embedding.opening import open_embedder
from rag.training.export import write_sentence_transformer
from rag.training.vocabulary import SPECIAL_TOKENS, word_piece_tokenizer

TEXTS = [
    "Der Stadtrat hat den Haushalt beschlossen.",
    "Rain is expected in the north. " * 60,
    "",
    "Wer hat die Wahl gewonnen?",
    *(f"Meldung {number} aus der Region." * number for number in range(1, 20)),
]


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    return open_embedder(None)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny model without prompts."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tokenizer = word_piece_tokenizer([*SPECIAL_TOKENS, "query", "passage", "search", ":", "house", "dog"])
    config = BertConfig(
        vocab_size=11, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    write_sentence_transformer(BertModel(config, add_pooling_layer=False), tokenizer, folder)
    return folder


def with_prompts(folder: Path, query: str, document: str) -> None:
    text = f'{{"prompts": {{"query": "{query}", "document": "{document}"}}}}'
    (folder / "config_sentence_transformers.json").write_text(text)


def renamed(tiny: Path, to: Path) -> Path:
    to.mkdir()
    for path in tiny.iterdir():
        (to / path.name).symlink_to(path)
    return to


def test_many_at_once_is_one_at_a_time(bundled: Embedder) -> None:
    together = bundled.encode(TEXTS)
    assert together.shape == (len(TEXTS), bundled.dimension)
    assert together.dtype == np.float32
    alone = np.stack([bundled.encode([text])[0] for text in TEXTS])
    # Activations are quantised over the whole batch, so that neighbours move a vector by a hair.
    assert (together * alone).sum(1).min() > 0.99


def test_langchain_sees_lists_of_numbers(bundled: Embedder) -> None:
    assert bundled.embed_query(TEXTS[0]) == bundled.encode(TEXTS[:1], "query")[0].tolist()
    assert bundled.embed_documents(TEXTS[:1]) == bundled.encode(TEXTS[:1]).tolist()
    assert bundled.embed_documents([]) == []


def test_the_name_changes_with_the_weights(bundled: Embedder) -> None:
    name, _, fingerprint = bundled.name.partition("@")
    assert name == "quellenchat-de-en"
    assert len(fingerprint) == 8
    assert open_embedder("bundled").name == bundled.name


def test_threads_may_ask_at_once(bundled: Embedder) -> None:
    wanted = [bundled.embed_query(text) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(bundled.embed_query, TEXTS)) == wanted


def test_the_bundled_model_needs_no_torch() -> None:
    program = (
        "import sys; from rag.retrieve.embedding.opening import open_embedder;"
        "open_embedder(None).embed_query('a');"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_models_own_prompts_are_used(tiny: Path, tmp_path: Path) -> None:
    model = renamed(tiny, tmp_path / "model")
    plain = open_embedder(str(tiny))
    with_prompts(model, "search : ", "passage : ")
    prompted = open_embedder(str(model))
    np.testing.assert_allclose(prompted.encode(["dog"], "query"), plain.encode(["search : dog"]), atol=1e-6)
    np.testing.assert_allclose(prompted.encode(["dog"]), plain.encode(["passage : dog"]), atol=1e-6)
    assert prompted.name.startswith("model@")
    assert prompted.dimension == 16


def test_a_folder_is_known_by_what_is_in_it(tiny: Path, tmp_path: Path) -> None:
    """Name a moved model as before; other weights at its place, and other prompts, are another model."""
    model = tmp_path / "model"
    shutil.copytree(tiny, model)
    name = open_embedder(str(model)).name
    assert open_embedder(str(shutil.move(model, tmp_path / "moved" / "model"))).name == name
    shutil.copytree(tiny, model)
    (weights,) = model.glob("*.safetensors")
    changed = bytearray(weights.read_bytes())
    changed[-3] ^= 1
    weights.write_bytes(changed)
    other = open_embedder(str(model)).name
    with_prompts(model, "search : ", "passage : ")
    assert len({name, other, open_embedder(str(model)).name}) == 3


def test_large_weights_are_told_apart_by_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read blocks of a large file: weights that differ everywhere, or by their last byte, get other names."""
    monkeypatch.setattr(hub, "_READ_WHOLE", 1_000)
    monkeypatch.setattr(hub, "_BLOCK", 100)
    noise = np.random.default_rng(1)
    first, second = (noise.integers(0, 256, 100_000, dtype=np.uint8) for _ in range(2))
    names = set()
    for weights in (first, second, np.append(first[:-1], first[-1] ^ 1), first[:-1]):
        (tmp_path / "weights.bin").write_bytes(weights.tobytes())
        names.add(hub.identity(str(tmp_path)))
    assert len(names) == 4


def test_e5_models_get_the_prompts_they_were_trained_with(tiny: Path, tmp_path: Path) -> None:
    folder = renamed(tiny, tmp_path / "multilingual-e5-small")
    e5, slashed = open_embedder(str(folder)), open_embedder(f"{folder}/")
    plain = open_embedder(str(tiny))
    np.testing.assert_allclose(e5.encode(["dog"], "query"), plain.encode(["query: dog"]), atol=1e-6)
    np.testing.assert_allclose(e5.encode(["dog"]), plain.encode(["passage: dog"]), atol=1e-6)
    assert slashed.name == e5.name
    np.testing.assert_allclose(slashed.encode(["dog"], "query"), e5.encode(["dog"], "query"), atol=1e-6)


def test_a_hub_that_cannot_be_reached_points_to_the_bundled_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="intfloat/multilingual-e5-small") as raised:
        open_embedder("intfloat/multilingual-e5-small")
    assert "bundled" in raised.value.hint


@pytest.mark.parametrize("made", [False, True])
def test_a_folder_that_is_no_model_points_to_the_bundled_model(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "nothing"
    if made:
        folder.mkdir()
    with pytest.raises(ModelError, match="nothing") as raised:
        open_embedder(str(folder))
    assert "bundled" in raised.value.hint


def test_an_incomplete_bundled_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model_int8\.onnx is missing"):
        OnnxEmbedder(tmp_path)
