"""This processor → whether sums of int8 products overflow on it."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import onnxruntime

# y = x · w in ONNX: x of type uint8, shape (1, 4), and w four times the int8 127; its test makes it anew.
PRODUCT: Final = (
    b'\x08\x08:X\n\x18\n\x01x\n\x01w\x12\x01y"\rMatMulInteger\x12\x01g*\x0f\x08\x04\x08\x01\x10\x03B\x01wJ\x04\x7f\x7f'
    b"\x7f\x7fZ\x13\n\x01x\x12\x0e\n\x0c\x08\x02\x12\x08\n\x02\x08\x01\n\x02\x08\x04b\x13\n\x01y\x12\x0e\n\x0c\x08\x06"
    b"\x12\x08\n\x02\x08\x01\n\x02\x08\x01B\x04\n\x00\x10\r"
)
_LARGEST: Final = 255


@cache
def overflows() -> bool:
    """Tell whether onnxruntime's int8 products are wrong here if nothing is done about it.

    With AVX2 or AVX512 but no VNNI it adds two products in 16 bits, too few for the largest
    (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html). With VNNI sums are
    exact, and avoiding the overflow makes them slower for nothing: so the largest product is looked at.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(PRODUCT, options, providers=["CPUExecutionProvider"])
    (product,) = session.run(["y"], {"x": np.full((1, 4), _LARGEST, dtype=np.uint8)})
    return bool(product.item() != 4 * _LARGEST * 127)
