"""The trained student as files: a sentence-transformers folder in float16, an ONNX graph in int8."""

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from safetensors.torch import save
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from rag.errors import ModelError
from rag.training.files import write_json, written
from rag.training.quantisation import write_int8
from rag.training.vocabulary import to_json

MAX_TOKENS = 256
TOKEN_DIMENSION = 64
CALIBRATION = 100  # texts that show which activations are large
ONNX_OPSET = 17
ONNX_INT8 = Path("onnx") / "model_int8.onnx"
TOKENIZER = "tokenizer.json"


class SentenceEncoder(nn.Module):
    """Token ids in, unit vectors out: of the text, the mean over its tokens, and of each token by itself.

    A token's vector is its state's part along the `axes`, shape (d, k).
    """

    def __init__(self, body: BertModel, axes: Tensor) -> None:
        super().__init__()
        self.body = body
        self.register_buffer("axes", axes)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return vectors of shapes (n, d) and (n, tokens, k) for ids and mask of shape (n, tokens)."""
        states = self.body(input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        return nn.functional.normalize(mean, dim=-1), nn.functional.normalize(states @ self.axes, dim=-1)


def export(
    student: BertModel, tokenizer: Tokenizer, folder: Path, axes: Tensor, texts: Sequence[Sequence[int]]
) -> None:
    """Write both forms of the model into `folder`; what stood there by these names is replaced, file by file.

    `axes` are those of its token vectors, as from `principal_axes`; `texts`, as ids, are such as it is for.
    """
    write_sentence_transformer(student, tokenizer, folder)
    with TemporaryDirectory() as scratch:
        full = Path(scratch) / "model.onnx"
        write_onnx(student, full, axes)
        heads = student.config.num_attention_heads
        write_int8(full, folder / ONNX_INT8, heads, texts[:: max(len(texts) // CALIBRATION, 1)])


@torch.no_grad()
def principal_axes(student: BertModel, texts: Iterable[Sequence[int]]) -> Tensor:
    """Return the axes (d, k) that keep the most of the token states of texts given as ids (uncentred PCA)."""
    student = student.float().cpu().eval()
    size = student.config.hidden_size
    second_moments = torch.zeros(size, size, dtype=torch.float64)
    for ids in texts:
        states = student(torch.tensor([list(ids)])).last_hidden_state[0]
        states = nn.functional.normalize(states, dim=-1).double()
        second_moments += states.T @ states
    vectors: Tensor = torch.linalg.eigh(second_moments).eigenvectors
    return vectors.flip(1)[:, : min(TOKEN_DIMENSION, size)].float().contiguous()


def load_exported(folder: Path) -> tuple[BertModel, Tokenizer]:
    """Load the body, as float32, and the tokenizer of an exported model.

    Raises:
        ModelError: the folder holds no exported model.
    """
    if not (folder / TOKENIZER).is_file():
        raise ModelError(f"{folder} holds no exported model", hint="give a folder that export wrote")
    body = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32)
    return body.eval(), Tokenizer.from_file(str(folder / TOKENIZER))


def write_sentence_transformer(student: BertModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Write what `SentenceTransformer(folder)` loads: stored in float16, loaded as float32."""
    weights = {
        name: value.detach().half().contiguous().cpu()
        for name, value in student.state_dict().items()
        if value.is_floating_point()
    }
    with written(folder / "model.safetensors") as file:
        file.write(save(weights, metadata={"format": "pt"}))
    with written(folder / TOKENIZER) as file:
        file.write(to_json(tokenizer).encode())
    for name, content in _settings(student).items():
        write_json(folder / name, content)


def write_onnx(student: BertModel, path: Path, axes: Tensor) -> None:
    """Write the float32 graph: `input_ids`, `attention_mask` (n, t) → `sentence_embedding` (n, d),
    `token_vectors` (n, t, k).
    """
    ids = torch.ones(2, 8, dtype=torch.int64)
    open_axes = {0: "texts", 1: "tokens"}
    student.set_attn_implementation("eager")  # the form of attention that onnxruntime's optimiser fuses
    with warnings.catch_warnings():
        # The tracer warns of branches on shapes; tests run the graph on other shapes than it was traced with.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            SentenceEncoder(student.float().cpu().eval(), axes),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding", "token_vectors"],
            dynamic_axes={
                "input_ids": open_axes,
                "attention_mask": open_axes,
                "sentence_embedding": {0: "texts"},
                "token_vectors": open_axes,
            },
            opset_version=ONNX_OPSET,
            dynamo=False,
        )


def _settings(student: BertModel) -> dict[str, dict[str, object] | list[dict[str, object]]]:
    module = "sentence_transformers.models."
    names = ("Transformer", "Pooling", "Normalize")
    paths = ("", "1_Pooling", "2_Normalize")
    config = student.config.to_dict() | {"architectures": ["BertModel"], "dtype": "float32"}
    return {
        "config.json": {name: value for name, value in config.items() if name != "_name_or_path"},
        "modules.json": [
            {"idx": index, "name": str(index), "path": path, "type": module + name}
            for index, (name, path) in enumerate(zip(names, paths, strict=True))
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": student.config.hidden_size,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "unk_token": "[UNK]",
            "sep_token": "[SEP]",
            "pad_token": "[PAD]",
            "cls_token": "[CLS]",
            "mask_token": "[MASK]",
        },
    }
