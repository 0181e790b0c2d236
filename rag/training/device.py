"""Where arithmetic is done and in which type: on the GPU where there is one, in bf16 where it is fast."""

import torch
from torch import Tensor


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def arithmetic(device: torch.device) -> torch.dtype:
    """Return bf16, or float32 for a GPU that would only emulate it."""
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float32
    return torch.bfloat16


def moved(tensor: Tensor, device: torch.device) -> Tensor:
    """Copy to the device; to a GPU from pinned memory, so that the processor need not wait for it."""
    if device.type == "cuda" and tensor.device.type == "cpu":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)
