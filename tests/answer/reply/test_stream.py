"""Check how a model's stream becomes a reply: thoughts, tokens, endings, and errors that pass."""

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk

from rag.answer.llm import failures
from rag.answer.reply import links
from rag.answer.reply.stream import Reply


def chunks(*texts: str, **last: Any) -> Iterator[AIMessageChunk]:
    """Yield texts as a model streams them; `last` is told with the final chunk."""
    for text in texts:
        yield AIMessageChunk(text)
    yield AIMessageChunk("", **last)


def spoken(*texts: str) -> list[str]:
    """Return what is left of a reply, everything before a None forgotten."""
    parts: list[str] = []
    for piece in Reply(lambda: chunks(*texts)).pieces():
        parts = [] if piece is None else [*parts, piece]
    return parts


@pytest.mark.parametrize(
    "reply",
    [
        "<think>hm [1.1]</think>Ja.", "<thinking>hm</thinking>\n\nJa.", "[THINK]hm[/THINK]Ja.",
        "◁think▷hm◁/think▷Ja.", "hm, so\n</think>\n\nJa.", "<think>a <b> c</think>Ja.", 
        "  <think></think> Ja.", "<Think>hm</Think> Ja.", "<thought>hm</thought>Ja.",
        "<reasoning>hm [1.1]</reasoning>\nJa.", "<seed:think>hm</seed:think>Ja.",
        "<|begin_of_thought|>hm<|end_of_thought|>\n<|begin_of_solution|>Ja.<|end_of_solution|>",
        "<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>Ja.<|END_RESPONSE|>",
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Ja.<|return|>",
        "<unused94>thought\nhm<unused95>Ja.", "<think>hm</think><answer>Ja.</answer>", "Ja.<|im_end|>",
        "Ja.</s>",
        "<|im_start|>assistant\nJa.<|im_end|>", "<think>a</think>\n<think>b</think>Ja.",
        "<think>a <think>b</think> c</think>Ja.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 3, 100])
def test_thoughts_are_left_out(reply: str, size: int) -> None:
    """Drop them in whatever tags and pieces, and where only the end of them is marked."""
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert "".join(spoken(*pieces)) == "Ja."


@pytest.mark.parametrize("reply", ["<th>5</th> < 6 [TH] ja", "a <b>", "[T", "x <", "a <| b", "<|"])
def test_what_is_no_thought_stays(reply: str) -> None:
    """Keep every character."""
    assert "".join(spoken(*reply)) == reply


def test_tokens_and_cost_are_counted() -> None:
    """Add up what the server says, and price it only where prices are set."""
    usage = {"input_tokens": 2000, "output_tokens": 100, "total_tokens": 2100}
    reply = Reply(lambda: chunks("Ja.", usage_metadata=usage))
    assert list(reply.pieces()) == ["Ja."]
    counted = reply.usage(0.5, 2.0)
    assert counted is not None
    assert (counted.input_tokens, counted.output_tokens, counted.cost) == (2000, 100, pytest.approx(0.0012))
    assert reply.usage(None, None).cost is None  # type: ignore[union-attr]


@pytest.mark.parametrize("about", [{"finish_reason": "length"}, {"done_reason": "length"},
                                   {"stop_reason": "max_tokens"}])  # fmt: skip
def test_a_reply_that_hit_its_limit_is_cut_off(about: dict[str, str]) -> None:
    """Understand what each provider calls it."""
    reply = Reply(lambda: chunks("Ja", response_metadata=about))
    list(reply.pieces())
    assert reply.cut_off


def test_a_reply_without_end_is_ended() -> None:
    """Stop reading what runs in a circle."""

    def endless() -> Iterator[AIMessageChunk]:
        while True:
            yield AIMessageChunk("immer weiter ")

    reply = Reply(endless)
    assert len("".join(piece or "" for piece in reply.pieces())) < 20_000
    assert reply.cut_off


class RefusedError(Exception):
    """An error as a provider's client raises it."""

    def __init__(self, status: int, message: str = "no", **headers: str) -> None:
        super().__init__(message)
        self.status_code = status
        self.response = type("Response", (), {"headers": headers, "status_code": status})()


def test_errors_that_may_pass_are_tried_again() -> None:
    """Ask three times at most, waiting as the server says."""
    script: list[Exception | None] = [
        RefusedError(429, **{"retry-after-ms": "1"}),
        RefusedError(503, **{"retry-after": "0"}),
        None,
    ]

    def ask() -> Iterator[AIMessageChunk]:
        error = script.pop(0)
        if error is not None:
            raise error
        yield AIMessageChunk("Ja.")

    assert list(Reply(ask).pieces()) == ["Ja."]
    assert script == []


@pytest.mark.parametrize(
    "error",
    [
        RefusedError(401),
        RefusedError(404),
        RefusedError(429, **{"retry-after": "60"}),
        RefusedError(503, **{"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}),
        RefusedError(429, "You exceeded your current quota"),
        TimeoutError("late"),
        ConnectionRefusedError("no"),
    ],
)
def test_errors_that_stay_are_raised_at_once(error: Exception) -> None:
    """Ask once."""
    asked = []

    def ask() -> Iterator[AIMessageChunk]:
        asked.append(1)
        raise error
        yield

    with pytest.raises(type(error)):
        list(Reply(ask).pieces())
    assert asked == [1]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RefusedError(401), "key"), (RefusedError(404), "unknown_model"), (RefusedError(429), "rate"),
        (TimeoutError("late"), "timeout"), (ConnectionRefusedError("no"), "no_server"),
        (RefusedError(400, "This model's maximum context length is 4096 tokens"), "context"),
        (RefusedError(400, "the request exceeds the available context size"), "context"),
        (RefusedError(413, "Request too large"), "context"), (RefusedError(402), "quota"),
        (RefusedError(429, "You exceeded your current quota, check your billing"), "quota"),
        (ValueError("No generation chunks were returned"), "no_stream"),
        (RefusedError(500, "boom"), ""), (ValueError("odd"), ""),
    ],
)  # fmt: skip
def test_failures_are_told_apart(error: Exception, kind: str) -> None:
    """Name what went wrong, in both languages and one line."""
    assert failures.kind(error) == kind
    said = {failures.words(error, language) for language in ("de", "en")}
    assert all(said) and not any("\n" in text for text in said)
    assert len(said) == (2 if kind else 1)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("soon", None), ("", None), ("inf", None)],
)
def test_how_long_a_server_asks_to_wait_is_understood(asked: str, waited: float | None) -> None:
    """Read seconds and dates."""
    assert failures.wait_s(RefusedError(429, **{"retry-after": asked})) == waited


def test_how_long_to_wait_is_told() -> None:
    """Say when asking again makes sense."""
    error = RefusedError(429, **{"retry-after": "90"})
    assert "90 seconds" in failures.words(error, "en")
    assert "90 Sekunden" in failures.words(error, "de")


@pytest.mark.parametrize(
    ("text", "shown", "removed"),
    [
        ("Siehe [hier](https://evil.example/?q=geheim) nach.", "Siehe hier nach.", 1),
        ("![x](https://evil.example/p.png?d=1)", "x", 1),
        ("Mehr: https://evil.example/a?b=c.", "Mehr: .", 1),
        ("<https://evil.example/>", "", 1),
        ("Quelle: https://blatt.example/1.", "Quelle: https://blatt.example/1.", 0),
        ("[Blatt](https://blatt.example/1)", "[Blatt](https://blatt.example/1)", 0),
        ("www.evil.example/x und data:text/html,x", " und ", 2),
        ("Kein Link [1], a[i] (b).", "Kein Link [1], a[i] (b).", 0),
        ("He said what he cared about:", "He said what he cared about:", 0),
        ("He wrote in the file: “No.”", "He wrote in the file: “No.”", 0),
    ],
)
def test_links_that_no_article_gave_are_removed(text: str, shown: str, removed: int) -> None:
    """Leave labels and known addresses."""
    assert links.without_links(text, {"https://blatt.example/1"}) == (shown, removed)
