"""The shipped model: its files load, agree with each other, and bring German and English together."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
from tokenizers import Tokenizer

from rag import resources
from rag.retrieve.embedding.bundled import OnnxEmbedder, open_session, session_options
from rag.retrieve.embedding.transformer import SentenceTransformerEmbedder

MODEL = resources.folder("data") / "model"
GRAPH = MODEL / "onnx" / "model_int8.onnx"
MEGABYTE = 1_000_000
PAIRS = (
    (
        "Die Bürgermeisterin eröffnete am Samstag die neue Brücke.",
        "The mayor opened the new bridge on Saturday.",
    ),
    (
        "Im Süden werden heute Gewitter und Hagel erwartet.",
        "Thunderstorms and hail are expected in the south today.",
    ),
    ("Die Lokführer streiken für höhere Löhne.", "Train drivers are on strike for higher wages."),
    (
        "Das Gericht verurteilte den Angeklagten zu drei Jahren Haft.",
        "The court sentenced the defendant to three years in prison.",
    ),
    (
        "Die Zentralbank hat den Leitzins erneut gesenkt.",
        "The central bank has cut its key interest rate again.",
    ),
    (
        "Forscher haben im Regenwald eine unbekannte Froschart entdeckt.",
        "Researchers have discovered an unknown species of frog in the rainforest.",
    ),
    (
        "Die Mannschaft gewann das Endspiel im Elfmeterschießen.",
        "The team won the final in a penalty shoot-out.",
    ),
    (
        "Wegen der Trockenheit dürfen Gärten nicht bewässert werden.",
        "Because of the drought, gardens must not be watered.",
    ),
    ("Wie viele Menschen leben in der Hauptstadt?", "How many people live in the capital?"),
    ("Der Schauspieler starb im Alter von 91 Jahren.", "The actor died at the age of 91."),
    ("Das Krankenhaus bekommt eine neue Notaufnahme.", "The hospital is getting a new emergency department."),
    (
        "Der Hersteller ruft Kühlschränke wegen Brandgefahr zurück.",
        "The manufacturer is recalling refrigerators because of a fire hazard.",
    ),
)
GERMAN, ENGLISH = ([pair[side] for pair in PAIRS] for side in (0, 1))


@pytest.fixture(scope="module")
def small() -> OnnxEmbedder:
    return OnnxEmbedder(MODEL)


@pytest.fixture(scope="module")
def full() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(str(MODEL))


def test_the_files_are_small_enough_to_travel() -> None:
    assert (MODEL / "model.safetensors").stat().st_size <= 55 * MEGABYTE
    assert GRAPH.stat().st_size <= 30 * MEGABYTE


def test_vectors_have_384_numbers_and_length_one(small: OnnxEmbedder) -> None:
    vectors = small.encode([*GERMAN, *ENGLISH])
    assert vectors.shape == (24, small.dimension) == (24, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_translation_is_nearer_than_anything_else(small: OnnxEmbedder) -> None:
    likeness = small.encode(GERMAN) @ small.encode(ENGLISH).T
    assert likeness.argmax(axis=1).tolist() == likeness.argmax(axis=0).tolist() == list(range(len(PAIRS)))
    mismatched = likeness[~np.eye(len(PAIRS), dtype=bool)]
    assert likeness.diagonal().min() > mismatched.max()


def test_the_quantised_graph_is_close_to_the_full_model(
    small: OnnxEmbedder, full: SentenceTransformerEmbedder
) -> None:
    texts = [*GERMAN, *ENGLISH, " ".join(GERMAN), " ".join(ENGLISH)]
    assert full.dimension == small.dimension
    assert (small.encode(texts) * full.encode(texts)).sum(axis=1).min() > 0.97


def test_passages_keep_nearly_the_full_models_vectors_on_every_processor(
    small: OnnxEmbedder, full: SentenceTransformerEmbedder
) -> None:
    articles = sorted((resources.folder("data") / "articles").glob("*.md"))[:8]
    texts = [" ".join(path.read_text(encoding="utf-8").split()[40:160]) for path in articles]
    assert len(texts) == 8
    assert (small.encode(texts) * full.encode(texts)).sum(axis=1).mean() > 0.998


def test_texts_of_a_batch_keep_their_vectors_whatever_stands_behind_them(small: OnnxEmbedder) -> None:
    """Run the graph as other programs do, several texts at once: what the mask leaves out counts nothing."""
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    ids = [tokenizer.encode(text).ids for text in GERMAN]
    rows, mask = (np.full((len(ids), max(map(len, ids))), fill, dtype=np.int64) for fill in (5_000, 0))
    for row, one in enumerate(ids):
        rows[row, : len(one)], mask[row, : len(one)] = one, 1
    session = open_session(GRAPH, session_options(threads=1))
    (vectors,) = session.run(["sentence_embedding"], {"input_ids": rows, "attention_mask": mask})
    assert (vectors * small.encode(GERMAN)).sum(axis=1).min() > 0.99


def test_the_graph_is_of_the_operators_that_are_fast() -> None:
    """Keep attention one operator, and leave apart what onnxruntime normalises slower in one."""
    nodes = Counter(node.op_type for node in onnx.load(GRAPH).graph.node)
    assert (nodes["MultiHeadAttention"], nodes["LayerNormalization"]) == (6, 13)
    assert not nodes.keys() & {"Softmax", "SkipLayerNormalization"}


def test_umlauts_matter_and_capitals_do_not(small: OnnxEmbedder) -> None:
    upper, lower, other = small.encode(["SCHÖNE STRASSEN", "schöne strassen", "schon strassen"])
    assert upper @ lower > 0.999
    assert other @ lower < 0.999


def test_the_card_names_sources_licences_and_figures() -> None:
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    for needed in ("Apache-2.0", "CC BY 2.0 FR", "CC0", "MIT", "nDCG@10", "python -m rag.training"):
        assert needed in card


def test_the_configuration_matches_the_weights() -> None:
    config = json.loads(Path(MODEL, "config.json").read_text(encoding="utf-8"))
    tokenizer = json.loads(Path(MODEL, "tokenizer.json").read_text(encoding="utf-8"))
    assert config["vocab_size"] == len(tokenizer["model"]["vocab"])
    assert config["dtype"] == "float32"
