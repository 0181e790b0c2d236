"""Check the second copy of the vectors: as good as Chroma's, and never needed."""

from pathlib import Path

import numpy as np
import pytest

from rag.retrieve.vectors.chroma import Folder
from rag.retrieve.vectors.mirror import Mirror
from rag.retrieve.vectors.passages import Vectors
from rag.schema import Passage, Source, Span

DIMENSION = 48


def drawn(count: int, seed: int = 1) -> np.ndarray:
    """Return unit vectors, shape (count, DIMENSION)."""
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_what_is_written_is_read_in_the_order_asked(tmp_path: Path) -> None:
    """Find each vector by its key, whatever runs the keys come in; leave out what was never written."""
    mirror, rows = Mirror(tmp_path / "mirror.f32", DIMENSION), drawn(6)
    assert len(mirror.read([1, 2])[0]) == 0
    mirror.write([7, 3, 4, 900, 5, 8], rows)
    keys, vectors = mirror.read([900, 4, 6, 3, 5, -1, 7, 5_000])
    assert keys.tolist() == [900, 4, 3, 5, 7]
    assert vectors == pytest.approx(rows[[3, 2, 1, 4, 0]], abs=1e-6)


def test_half_a_vector_is_none(tmp_path: Path) -> None:
    """Take what a power failure left of a row, zeros or noise, for what it is."""
    path = tmp_path / "mirror.f32"
    mirror = Mirror(path, DIMENSION)
    mirror.write([1, 2, 3], drawn(3))
    data = bytearray(path.read_bytes())
    data[2 * 192 + 96 : 3 * 192] = bytes(96)
    data[3 * 192 : 4 * 192] = bytes(range(192))
    path.write_bytes(data)
    assert mirror.read([1, 2, 3])[0].tolist() == [1]
    path.write_bytes(data[:300])
    assert len(mirror.read([1, 2, 3])[0]) == 0


@pytest.mark.parametrize("loss", ["nothing", "the file", "some rows", "room to write"])
def test_cosines_are_the_same_without_it(tmp_path: Path, loss: str) -> None:
    """Give each passage the cosine that Chroma's own vector has, however much of the file is lost."""
    folder, rows = tmp_path / "chroma", drawn(40)
    source = Source(id="a", title="T", language="de")
    about = [(Passage("a", 0, 4, "Text", (Span(0, 4),)), source)] * 40
    path = folder / "mirror.f32"
    if loss == "room to write":
        path.mkdir(parents=True)
    vectors = Vectors(Folder(folder), DIMENSION)
    vectors.add(list(range(1, 41)), rows, about)
    if loss == "the file":
        path.unlink()
    elif loss == "some rows":
        path.write_bytes(path.read_bytes()[: 20 * DIMENSION * 4 + 7])
    query = drawn(1, seed=2)[0]
    wanted = dict(zip(range(1, 41), (rows @ query).tolist(), strict=True))
    for _ in range(2):  # what is missing is kept when it was fetched
        assert vectors.cosines(query, list(range(60))) == pytest.approx(wanted, abs=1e-6)
    if loss != "room to write":
        assert len(Mirror(path, DIMENSION).read(list(range(60)))[0]) == 40
    among = np.arange(1, 30)
    best = sorted(among.tolist(), key=lambda key: -wanted[key])[:5]
    assert list(vectors.nearest(query, 5, among)) == best
    vectors.delete([best[0], 40])
    assert best[0] not in vectors.cosines(query, list(range(1, 41)))
    assert list(vectors.nearest(query, 4, among)) == best[1:]
    assert vectors.count() == 38
    vectors.close()
