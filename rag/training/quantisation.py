"""A float32 graph of the student → the same with weights and activations in 8 bits.

Every layer has one scale for each channel of its weights and, at run time, one for all activations. Some
channels of the activations are many times as large as the others and would take most of that one scale, so
they are divided by a number of their own beforehand, with which their weights are multiplied (Xiao et al.,
"SmoothQuant", ICML 2023). The first layer's widest activations are large in some tokens instead, which that
cannot mend: its weights and activations have a scale for each 128 of them.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

from rag.training.files import written
from rag.training.fusion import fused

SMOOTHING = 0.85  # how much of an outlier goes over to the weights: 0.8 and 0.85 were alike, 0.5 far worse
BLOCK = 128
_INT8_ARITHMETIC = 4  # onnxruntime's accuracy level: activations as int8, in blocks like the weights
_IN_BLOCKS = re.compile(r"/layer\.0/output/dense/")
_TINY = 1e-5

Largest = dict[str, NDArray[np.float32]]


def write_int8(full: Path, path: Path, heads: int, texts: Iterable[Sequence[int]]) -> None:
    """Fuse and quantise the graph at `full`, of a model with so many attention heads.

    `texts`, as ids, show which channels of the activations are large.
    """
    with TemporaryDirectory() as scratch, _quiet():
        smoothed, quantised = Path(scratch) / "smoothed.onnx", Path(scratch) / "model.onnx"
        model = fused(full, heads)
        _smooth(model, _largest(model, texts))
        onnx.save(_in_blocks(model), smoothed)
        quantize_dynamic(
            smoothed,
            quantised,
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"WeightSymmetric": False, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        with written(path) as file:
            file.write(quantised.read_bytes())


def _largest(model: ModelProto, texts: Iterable[Sequence[int]]) -> Largest:
    """Return the largest absolute value of each channel that meets weights, by the activations' name."""
    names = sorted({node.input[0] for node in _layers(model)})
    watched = ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    found: Largest = {}
    for ids in texts:
        rows = np.asarray([ids], dtype=np.int64)
        seen = session.run(names, {"input_ids": rows, "attention_mask": np.ones_like(rows)})
        for name, values in zip(names, seen, strict=True):
            largest = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            found[name] = np.maximum(found.get(name, _TINY), largest)
    return found


def _smooth(model: ModelProto, largest: Largest) -> None:
    """Divide the activations that meet weights by a number for each channel, and multiply the weights."""
    weights = {one.name: one for one in model.graph.initializer}
    layers = {node.name for node in _layers(model) if not _IN_BLOCKS.search(node.name)}
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        if node.name in layers:
            before, name = node.input[0], node.input[1]
            weight = numpy_helper.to_array(weights[name]).astype(np.float32)
            scale = _scale(largest[before], np.abs(weight).max(axis=1))
            model.graph.initializer.append(numpy_helper.from_array(1 / scale, f"{name}_smoothing"))
            weights[name].CopyFrom(numpy_helper.from_array(weight * scale[:, None], name))
            node.input[0] = f"{node.name}_smoothed"
            nodes.append(helper.make_node("Mul", [before, f"{name}_smoothing"], [node.input[0]]))
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _scale(activations: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what each channel's activations are divided by; the geometric mean is 1."""
    scale = activations**SMOOTHING / np.maximum(weights, _TINY) ** (1 - SMOOTHING)
    return np.asarray(scale / np.exp(np.log(scale).mean()), dtype=np.float32)


def _in_blocks(model: ModelProto) -> ModelProto:
    layers = (node.name for node in model.graph.node if node.op_type == "MatMul")
    others = [name for name in layers if not _IN_BLOCKS.search(name)]
    plan = DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, accuracy_level=_INT8_ARITHMETIC, bits=8
    )
    quantiser = MatMulNBitsQuantizer(model, nodes_to_exclude=others, algo_config=plan)
    quantiser.process()
    made: ModelProto = quantiser.model.model
    return made


def _layers(model: ModelProto) -> Iterator[NodeProto]:
    """Yield the nodes that multiply activations by weights."""
    weights = {one.name for one in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            yield node


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the line that the quantisers log for each node they pass by."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
