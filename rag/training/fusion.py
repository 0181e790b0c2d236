"""A float32 graph of the student → the same with operators fused, where onnxruntime is faster with them."""

from collections.abc import Iterable
from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

_MASK = "attention_mask"
_MASK_FOR_ATTENTION = "attention_mask_int32"


def fused(path: Path, heads: int) -> ModelProto:
    """Return the graph at `path`, of a model with so many attention heads: one operator for each attention,
    normalisation and activation.
    """
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # with it the word vectors would stay float32
    # States that are added up first and normalised then take an eighth of the time (onnxruntime 1.23).
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
    options.enable_attention = False  # its fusion does not know how transformers makes the mask
    model = optimize_model(str(path), model_type="bert", optimization_options=options, opt_level=0).model
    return attending(model, heads)


def attending(model: ModelProto, heads: int) -> ModelProto:
    """Put one operator where a graph splits attention into its heads, multiplies, masks, mixes and joins."""
    made = ModelProto()
    made.CopyFrom(model)
    nodes = [helper.make_node("Cast", [_MASK], [_MASK_FOR_ATTENTION], to=TensorProto.INT32)]
    scopes = [node.name.removesuffix("Softmax") for node in model.graph.node if node.op_type == "Softmax"]
    mixed = {_leaving(model, scope): scope for scope in scopes}
    for node in model.graph.node:
        scope = mixed.get(node.output[0])
        nodes.append(node if scope is None else _attention(scope, node.output[0], heads))
    wanted = _needed(nodes, {output.name for output in model.graph.output})
    del made.graph.node[:]
    made.graph.node.extend(wanted)
    return made


def _attention(scope: str, output: str, heads: int) -> NodeProto:
    """Return the operator for the attention of this name, from its linear layers to what it mixes of them."""
    states = [f"{scope}{one}/Add_output_0" for one in ("query", "key", "value")]
    inputs = [*states, "", _MASK_FOR_ATTENTION]  # no bias: it is added already
    return helper.make_node(
        "MultiHeadAttention", inputs, [output], f"{scope}Attention", domain="com.microsoft", num_heads=heads
    )


def _leaving(model: ModelProto, scope: str) -> str:
    """Return what the nodes of a scope hand to those outside of it."""
    inside = {name for node in model.graph.node if node.name.startswith(scope) for name in node.output}
    outside = (node for node in model.graph.node if not node.name.startswith(scope))
    leaving: set[str] = {name for node in outside for name in node.input if name in inside}
    (only,) = leaving
    return only


def _needed(nodes: Iterable[NodeProto], outputs: set[str]) -> list[NodeProto]:
    """Return the nodes from which the outputs follow, in their order."""
    needed, kept = set(outputs), []
    for node in reversed(list(nodes)):
        if needed & set(node.output):
            needed |= set(node.input)
            kept.append(node)
    return kept[::-1]
