"""A page of a PDF and a box of text on it → whether its reader sees that text."""

from __future__ import annotations

from ctypes import byref, c_uint
from functools import cached_property
from typing import Any, Final

TINY_PT: Final = 2.0
_PALE: Final = 217  # of 255, for the darkest of the three colours
_OPAQUE: Final = 25  # of 255
_CONTRAST: Final = 16  # of 255, between the lightest and the darkest point where the text stands
_INVISIBLE: Final = 3  # the text rendering mode; scans carry their recognised text in it, behind a picture
IMAGE: Final = 3  # FPDF_PAGEOBJ_IMAGE


class Ink:
    """Tells what shows on one page; pages are drawn only where pale type makes it necessary."""

    def __init__(self, page: Any, textpage: Any) -> None:
        self._page = page
        self._textpage = textpage

    def shows(self, first: int, left: float, bottom: float, right: float, top: float) -> bool:
        """Tell whether text can be read: its first character, and its box in points from the lower left."""
        edge = self._page.get_cropbox()
        outside = right < edge[0] or left > edge[2] or top < edge[1] or bottom > edge[3]
        if outside or self._size(first) < TINY_PT:
            return False
        mode, colour = self._how(first)
        if mode == _INVISIBLE:
            return self._has_picture
        if colour is None or (min(colour[:3]) < _PALE and colour[3] > _OPAQUE):
            return True
        return self._contrast(left, bottom, right, top) >= _CONTRAST

    def _size(self, number: int) -> float:
        """Return the height of a character's type in points, which that of a full stop is too."""
        _, bottom, _, top = self._textpage.get_charbox(number, loose=True)
        return float(top - bottom)

    def _how(self, number: int) -> tuple[int, tuple[int, ...] | None]:
        """Return rendering mode, and red, green, blue and opacity (0-255), of a character's type."""
        import pypdfium2.raw as pdfium

        drawn = pdfium.FPDFText_GetTextObject(self._textpage, number)
        if not drawn:
            return 0, None
        parts = [c_uint() for _ in range(4)]
        known = pdfium.FPDFPageObj_GetFillColor(drawn, *map(byref, parts))
        return pdfium.FPDFTextObj_GetTextRenderMode(drawn), tuple(
            one.value for one in parts
        ) if known else None

    @cached_property
    def _has_picture(self) -> bool:
        return any(one.type == IMAGE for one in self._page.get_objects(max_depth=2))

    @cached_property
    def _drawn(self) -> Any:
        """The page as an array of greys (height, width), a point each."""
        return self._page.render(scale=1, grayscale=True, may_draw_forms=False).to_numpy().squeeze()

    def _contrast(self, left: float, bottom: float, right: float, top: float) -> int:
        """Return the difference of the greys in a box; 255 where a turned page would lead astray."""
        if self._page.get_rotation():
            return 255
        edge = self._page.get_cropbox()
        height, width = self._drawn.shape
        rows = slice(max(0, int(edge[3] - top)), min(height, int(edge[3] - bottom) + 1))
        columns = slice(max(0, int(left - edge[0])), min(width, int(right - edge[0]) + 1))
        box = self._drawn[rows, columns]
        return int(box.max()) - int(box.min()) if box.size else 0
