"""A page's tree → the same without what its reader cannot see: there orders to a language model are hidden.

Looked at are attributes, style attributes and the style sheets in the page, not those that it would fetch.
"""

from __future__ import annotations

import re
from typing import Any, Final

from rag.ingest.formats.html.sheets import Style, styles

_MOST_SHARE: Final = 0.5  # of a page's text: a script that was not saved would show it
_NEVER: Final = ("template", "noscript", "object", "iframe", "svg", "textarea", "select")
_LOOKED_AT: Final = frozenset(
    "display visibility content-visibility opacity filter font-size color background background-color "
    "background-image left top right bottom margin-left text-indent transform clip clip-path overflow height "
    "max-height width max-width mso-hide".split()
)
_NUMBER: Final = re.compile(r"^-?(?:\d+\.?\d*|\.\d+)")
_FAR: Final = -900.0  # pixels to the left or above: off every screen
_NEAR: Final = 24  # sum of differences of the three colours, of 255 each, that no eye sees
_TINY_PX: Final = 2.0
_NAMES: Final = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "black": (0, 0, 0),
}
_WHITE: Final = (255, 255, 255)
_SOME: Final = (128, 100, 128)
Colour = tuple[int, int, int]


def without_hidden(tree: Any) -> Any:
    """Take out of an lxml tree, in place, every element that is not seen, and return the tree.

    What holds more than half of the page's text stays: pages hide their article until a script shows it,
    as a whole, or paragraph by paragraph where each fades in.
    """
    whole = _weight(tree)
    said = styles(tree, _matters)
    backgrounds: dict[Any, Colour] = {}
    faded: list[Any] = []
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        style = said.get(element, {})
        behind = backgrounds.get(element.getparent(), _WHITE)
        backgrounds[element] = _background(style) or behind
        gone = (
            element.tag in _NEVER or element.get("hidden") is not None or _hides(style, backgrounds[element])
        )
        if not gone and _fades(style):
            faded.append(element)
        if gone and element.getparent() is not None:
            if _weight(element) > _MOST_SHARE * whole:
                continue
            _drop(element)
    _drop_faded(tree, faded)
    return tree


def _drop_faded(tree: Any, faded: list[Any]) -> None:
    """Take out what is transparent, unless that is, all together, most of what is left of the page."""
    inside: set[Any] = set()
    outer = []
    for element in faded:  # in the order of the page: a parent comes before what it holds
        above = set(element.iterancestors())
        if tree not in above or not inside.isdisjoint(above):
            continue
        inside.add(element)
        outer.append(element)
    if sum(map(_weight, outer)) <= _MOST_SHARE * _weight(tree):
        for element in outer:
            _drop(element)


def _weight(element: Any) -> int:
    """Return the number of characters of an element that are neither script nor style."""
    code = sum(len(one.text or "") for one in element.iter("script", "style"))
    return sum(map(len, element.itertext())) - code


def _drop(element: Any) -> None:
    """Take an element out; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _matters(style: Style) -> bool:
    return not _LOOKED_AT.isdisjoint(style)


def _hides(style: Style, background: Colour) -> bool:
    """Tell whether an element of this style, on this background, is not seen."""
    if not style:
        return False
    get = style.get
    if (
        get("display") == "none"
        or get("visibility") in ("hidden", "collapse")
        or get("content-visibility") == "hidden"
    ):
        return True
    if get("mso-hide") == "all":
        return True
    size = _size(get("font-size"))
    if size is not None and size < (
        _TINY_PX if "px" in style["font-size"] or "pt" in style["font-size"] else 0.1
    ):
        return True
    return _is_outside(style) or _is_pale(style, background)


def _fades(style: Style) -> bool:
    """Tell whether an element is transparent, which a script may end."""
    return _size(style.get("opacity")) == 0 or "opacity(0" in style.get("filter", "")


def _is_outside(style: Style) -> bool:
    """Tell whether an element lies off the screen, or in a box without room."""
    get = style.get
    moved = [
        _size(get(name)) or 0.0 for name in ("left", "top", "right", "bottom", "margin-left", "text-indent")
    ]
    if min(moved) < _FAR or re.search(r"translate[xy]?\(-\d{4,}|scale\(0", get("transform", "")):
        return True
    if re.match(r"rect\((?:[01](?:px)?[ ,]*)+\)", get("clip", "")) or re.match(
        r"inset\((?:50|100)%|circle\(0", get("clip-path", "")
    ):
        return True
    sides = [_size(get(name)) for name in ("height", "max-height", "width", "max-width")]
    return get("overflow") in ("hidden", "clip") and any(side is not None and side <= 1 for side in sides)


def _is_pale(style: Style, background: Colour) -> bool:
    """Tell whether the type has no colour of its own on its background."""
    if "color" not in style:
        return False
    colour, alpha = _colour(style["color"])
    if alpha == 0:
        return True
    return colour is not None and sum(abs(a - b) for a, b in zip(colour, background, strict=True)) < _NEAR


def _background(style: Style) -> Colour | None:
    """Return the colour that a style paints behind its type, None for none.

    A picture, and a colour that is not known here, count as one that no type has.
    """
    said = style.get("background-color") or style.get("background") or ""
    if "url(" in said or "gradient(" in said or "background-image" in style:
        return _SOME
    colour, alpha = _colour(said)
    if not said or alpha == 0 or said.split()[0] in ("none", "inherit", "initial", "unset"):
        return None
    return colour or _SOME


def _colour(value: str) -> tuple[Colour | None, float]:
    """Return the colour that a value begins with, and how opaque it is; None for one not known."""
    if value.startswith("transparent"):
        return None, 0.0
    if found := re.match(r"#([0-9a-f]{3,8})\b", value):
        digits = found[1] if len(found[1]) > 4 else "".join(2 * one for one in found[1])
        if len(digits) in (6, 8):
            red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
            return (red, green, blue), int(digits[6:] or "ff", 16) / 255
    if found := re.match(r"rgba?\(([^)]*)\)", value):
        parts = [_size(one) for one in re.split(r"[\s,/]+", found[1].strip())]
        if len(parts) >= 3 and None not in parts[:3]:
            whole = 2.55 if "%" in found[1].split(",")[0] else 1.0
            red, green, blue = (min(255, max(0, round(whole * (one or 0.0)))) for one in parts[:3])
            return (red, green, blue), 1.0 if len(parts) < 4 or parts[3] is None else parts[3]
    if re.match(r"hsla?\([^)]*[,/]\s*0(?:\.0+|%)?\s*\)", value):
        return None, 0.0
    return _NAMES.get(re.split(r"[\s,]", value)[0] if value else ""), 1.0


def _size(value: str | None) -> float | None:
    """Return the number that a value begins with."""
    found = _NUMBER.match(value or "")
    return float(found[0]) if found else None
