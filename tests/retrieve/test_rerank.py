"""Check the optional second look: a real CrossEncoder, tiny and random, in a real collection."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import settings
from rag.errors import ModelError
from rag.library import Library
from rag.retrieve.rerank import Reranker
from rag.schema import Hit, Passage, Source, Span

QUESTION = "Wer gewann den Goldenen Bären?"


def encoder(folder: Path, labels: int = 1) -> Path:
    """Write a CrossEncoder of one small layer with random weights."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(1)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyzäöüß0123456789"]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", model_max_length=128,
    ).save_pretrained(folder)  # fmt: skip
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=128, num_labels=labels, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny CrossEncoder."""
    return encoder(tmp_path_factory.mktemp("reranker"))


@pytest.fixture(scope="module")
def reranked(model: Path, samples_store: Path) -> Iterator[Library]:
    """Return the sample collection with the reranker, on the five best passages."""
    chosen = settings.load(store=samples_store, reranker=str(model), rerank_top=5)
    with Library.open(chosen) as library:
        yield library


def hits(texts: list[str]) -> list[Hit]:
    """Return hits of falling scores."""
    source = Source(id="a", title="T", language="de")
    return [
        Hit(Passage("a", 0, len(text), text, (Span(0, len(text)),)), source, 10.0 - rank, 0.5, 1.0)
        for rank, text in enumerate(texts)
    ]


def test_the_first_hits_are_put_in_the_models_order(model: Path) -> None:
    """Order by the model's scores, let the scores stay in their places, leave the others behind."""
    from sentence_transformers import CrossEncoder

    given = hits(["Ein Bär", "Zwei Hunde laufen", "Gold", "Xylophon 12", "Der Goldene Bär ging an Oslo", "q"])
    made = Reranker(str(model), top=4).rerank(QUESTION, given)
    scores = CrossEncoder(str(model)).predict([(QUESTION, hit.passage.text) for hit in given[:4]])
    wanted = [given[row].passage.text for row in (-scores).argsort(kind="stable")]
    assert [hit.passage.text for hit in made] == [*wanted, given[4].passage.text, "q"]
    assert wanted != [hit.passage.text for hit in given[:4]]
    assert [hit.score for hit in made] == [hit.score for hit in given]
    assert Reranker(str(model), top=4).rerank(QUESTION, []) == []


def test_search_and_answers_use_it(reranked: Library, samples: Library) -> None:
    """Reorder the five best passages and no others; one answers from what is then first."""
    plain, second = samples.search(QUESTION, 10), reranked.search(QUESTION, 10)
    place = [(hit.source.id, hit.passage.start) for hit in plain]
    again = [(hit.source.id, hit.passage.start) for hit in second]
    assert again != place
    assert sorted(again[:5]) == sorted(place[:5])
    assert again[5:] == place[5:]
    assert reranked.search(QUESTION, 2) == second[:2]
    assert reranked.search(QUESTION, 10) == second
    answer = reranked.ask(QUESTION)
    assert [hit.source.id for hit in answer.hits[:5]] == [article for article, _ in again[:5]]


def test_a_model_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Say which model, at the first question; the hub is not waited for."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (tmp_path / "empty").mkdir()
    for name in (str(tmp_path / "weg"), str(tmp_path / "empty"), "someone/some-reranker"):
        with pytest.raises(ModelError, match=name) as caught:
            Reranker(name, top=5).rerank(QUESTION, hits(["Ein Bär"]))
        assert "RAG_RERANKER" in caught.value.hint


def test_a_model_of_several_classes_is_none(tmp_path: Path) -> None:
    """Refuse a model that does not give one score."""
    several = Reranker(str(encoder(tmp_path, labels=3)), top=5)
    with pytest.raises(ModelError, match="gives 3 scores for a passage, wanted one"):
        several.rerank(QUESTION, hits(["Ein Bär", "Gold"]))
