"""Check that this processor's int8 arithmetic is judged by what it computes."""

from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from rag.retrieve.embedding import arithmetic
from rag.retrieve.embedding.bundled import session_options


@pytest.fixture(autouse=True)
def _judged_anew() -> Any:
    arithmetic.overflows.cache_clear()
    yield
    arithmetic.overflows.cache_clear()


def model(weight: int) -> bytes:
    """Make the graph of a product of four numbers with four times the same weight."""
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 4])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [1, 1])],
        [numpy_helper.from_array(np.full((4, 1), weight, dtype=np.int8), "w")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(made.SerializeToString())


def test_the_product_is_what_it_says() -> None:
    """Make the graph anew from its parts."""
    assert model(127) == arithmetic.PRODUCT


@pytest.mark.parametrize("wrong", [False, True])
def test_wrong_products_are_avoided_and_only_those(monkeypatch: pytest.MonkeyPatch, wrong: bool) -> None:
    """Demand the slower arithmetic where a product comes out wrong: a graph with another result."""
    monkeypatch.setattr(arithmetic, "PRODUCT", model(64 if wrong else 127))
    with monkeypatch.context() as patched:
        if not wrong:  # also on a processor on which the true graph overflows
            patched.setattr(onnxruntime.InferenceSession, "run", lambda *_: [np.array([[4 * 255 * 127]])])
        assert arithmetic.overflows() is wrong
    slower = "session.x64quantprecision"
    options = session_options(1)
    if wrong:
        assert options.get_session_config_entry(slower) == "1"
    else:
        with pytest.raises(RuntimeError):
            options.get_session_config_entry(slower)


def test_products_are_exact_with_these_options() -> None:
    """Demand the true product on this processor, whichever arithmetic was chosen."""
    session = onnxruntime.InferenceSession(
        arithmetic.PRODUCT, session_options(1), providers=["CPUExecutionProvider"]
    )
    (product,) = session.run(["y"], {"x": np.full((1, 4), 255, dtype=np.uint8)})
    assert product.item() == 4 * 255 * 127
