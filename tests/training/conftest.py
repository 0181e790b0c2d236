"""A toy language pair and a tiny English teacher: the whole recipe runs on them in seconds."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from rag.training.vocabulary import SPECIAL_TOKENS, word_piece_tokenizer

WORDS = {
    "hund": "dog",
    "katze": "cat",
    "straße": "street",
    "stadt": "city",
    "bürgermeister": "mayor",
    "zeitung": "newspaper",
    "wahl": "election",
    "brücke": "bridge",
    "fluss": "river",
    "schule": "school",
    "lehrerin": "teacher",
    "zug": "train",
}
VERBS = {"sieht": "sees", "sucht": "seeks", "findet": "finds", "baut": "builds"}
WIDTH = 32


@dataclass(frozen=True)
class Toy:
    """Where the toy files lie."""

    corpus: Path
    teacher: Path
    sets: Path


def sentence(draws: random.Random) -> tuple[str, str]:
    """Return a German sentence of seven words and its translation."""
    one, two, three = draws.sample(sorted(WORDS), 3)
    verb = draws.choice(sorted(VERBS))
    german = f"der {one} {verb} die {two} und {three}."
    return german, f"the {WORDS[one]} {VERBS[verb]} the {WORDS[two]} and {WORDS[three]}."


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    folder = tmp_path_factory.mktemp("toy")
    _write_corpus(folder / "pairs.tsv")
    _write_teacher(folder / "teacher")
    _write_sets(folder / "sets")
    return Toy(folder / "pairs.tsv", folder / "teacher", folder / "sets")


def _write_corpus(path: Path) -> None:
    draws = random.Random(1)
    rows = [(*sentence(draws), "news" if number < 120 else "cards") for number in range(180)]
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def _write_teacher(folder: Path) -> None:
    letters = [prefix + chr(code) for code in range(ord("a"), ord("z") + 1) for prefix in ("", "##")]
    words = [*WORDS.values(), *VERBS.values(), "the", "and", ".", "?"]
    tokenizer = word_piece_tokenizer([*SPECIAL_TOKENS, *letters, *words])
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    wrapped.save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)


def _write_sets(folder: Path) -> None:
    folder.mkdir()
    draws = random.Random(2)
    for language in ("de", "en"):
        articles = [
            {"id": f"{language}{number}", "text": sentence(draws)[language == "en"]} for number in range(12)
        ]
        questions = [{"question": one["text"], "articles": [one["id"]]} for one in articles]
        _write_lines(folder / f"articles.{language}.jsonl", articles)
        _write_lines(folder / f"questions.{language}-on-{language}.jsonl", questions)


def _write_lines(path: Path, lines: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture
def tokenizer() -> Tokenizer:
    return word_piece_tokenizer([*SPECIAL_TOKENS, "a", "b", "c", "ü", "##b", "straße"])
