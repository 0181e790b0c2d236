"""Attention for training on processors: plain matrix products in the type of the states.

PyTorch's fused attention has a backward pass on processors that takes two thirds of a training step of
this model, and the plain one of transformers multiplies and converts every score once more than it has
to.
"""

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import eager_mask

PLAIN = "plain"


def plain_attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **_: object
) -> tuple[Tensor, None]:
    """Attend without dropout.

    Args:
        query, key, value: shape (b, heads, t, head size).
        attention_mask: added to the scores, broadcast from (b, 1, t or 1, t).

    Returns:
        The mixed values, shape (b, t, heads, head size), and no weights.
    """
    scaled = query * query.shape[-1] ** -0.5
    scores = scaled @ key.transpose(-1, -2)
    if attention_mask is not None:
        scores = scores + attention_mask.to(scores.dtype)
    mixed = torch.softmax(scores, dim=-1) @ value
    return mixed.transpose(1, 2).contiguous(), None


def register() -> str:
    """Make the attention known to transformers, and return its name."""
    AttentionInterface.register(PLAIN, plain_attention)
    AttentionMaskInterface.register(PLAIN, eager_mask)
    return PLAIN
