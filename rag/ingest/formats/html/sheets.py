"""The style sheets in a page and the elements of its tree → which declarations hold for which element.

Only what a page itself says counts, not sheets that it would fetch. Of declarations that contradict each
other the later one holds; selectors of classes, ids and elements are understood, in and below each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

_MOST_RULES: Final = 1_000
_MOST_LOOKS: Final = 1_000_000  # at elements, for all selectors of a page together
_COMMENT: Final = re.compile(r"/\*(?:.*?\*/|.*)", re.DOTALL)
_COMPOUND: Final = re.compile(r"(?P<tag>[a-z][\w-]*)?(?P<marks>(?:[.#][\w-]+)*)", re.IGNORECASE)
Style = Mapping[str, str]


def styles(tree: Any, matters: Callable[[Style], bool]) -> dict[Any, Style]:
    """Return the declarations that hold for elements of an lxml tree, with lower-case names and values.

    Rules of style sheets are applied only where `matters` says so of their declarations.
    """
    found: dict[Any, dict[str, str]] = {}
    looks = iter(range(_MOST_LOOKS))
    marked = _marked(tree)
    for selectors, style in _rules(tree):
        if matters(style):
            for selector in selectors.split(","):
                for element in _selected(marked, selector, looks):
                    found.setdefault(element, {}).update(style)
    for element in tree.iter("font"):
        if element.get("color"):
            found.setdefault(element, {})["color"] = element.get("color").lower()
    for element in tree.iterfind(".//*[@bgcolor]"):
        found.setdefault(element, {})["background-color"] = element.get("bgcolor").lower()
    for element in tree.iterfind(".//*[@style]"):
        found.setdefault(element, {}).update(_declared(element.get("style")))
    return dict(found)


def _rules(tree: Any) -> Iterator[tuple[str, Style]]:
    """Yield selectors and declarations of the rules that hold always: none of an @media or @keyframes."""
    sheet = _COMMENT.sub("", "\n".join("".join(one.itertext()) for one in tree.iter("style")))
    open_blocks: list[str] = []
    text, count = "", 0
    for token in re.split(r"([{};])", sheet):
        if token == "{":
            open_blocks.append(text.strip())
            text = ""
        elif token == "}" and open_blocks:
            selectors = open_blocks.pop()
            if not open_blocks and not selectors.startswith("@"):
                yield selectors, _declared(text)
                count += 1
            text = ""
        elif token == ";" and not open_blocks:
            text = ""
        else:
            text = f"{text}{token}" if len(text) < 5_000 else text
        if count >= _MOST_RULES:
            return


def _declared(text: str) -> dict[str, str]:
    """Return the declarations of a style as lower-case names and values."""
    pairs = (one.partition(":") for one in _COMMENT.sub("", text).lower().split(";"))
    return {name.strip(): " ".join(value.split("!")[0].split()) for name, _, value in pairs if value.strip()}


def _marked(tree: Any) -> Mapping[str, list[Any]]:
    """Return the elements of a tree by their tag, by ".class" and by "#id", each in the order of the page."""
    found: dict[str, list[Any]] = defaultdict(list)
    for element in tree.iter():
        if isinstance(element.tag, str):
            classes = {f".{name}" for name in (element.get("class") or "").split()}
            for mark in (element.tag, f"#{element.get('id') or ''}", *classes):
                found[mark].append(element)
    return found


def _selected(marked: Mapping[str, list[Any]], selector: str, looks: Iterator[int]) -> Iterator[Any]:
    """Yield the elements that a selector selects; none for one that is not understood."""
    wanted = [_COMPOUND.fullmatch(one) for one in selector.replace(">", " ").split()]
    if not wanted or None in wanted or len(wanted) > 8:
        return
    steps = [(one["tag"] or "", re.findall(r"[.#][\w-]+", one["marks"])) for one in wanted if one]
    tag, marks = steps[-1]
    if not tag and not marks:
        return
    for element in marked.get(marks[0] if marks else tag.lower(), ()):
        if next(looks, None) is None:
            return
        meant = (not tag or element.tag == tag.lower()) and _has(element, marks)
        if meant and _lies_in(element, steps[:-1], looks):
            yield element


def _lies_in(element: Any, steps: list[tuple[str, list[str]]], looks: Iterator[int]) -> bool:
    """Tell whether an element has ancestors for all steps, the innermost last."""
    left = list(steps)
    above = element.getparent()
    while left and above is not None and next(looks, None) is not None:
        tag, marks = left[-1]
        if (not tag or above.tag == tag.lower()) and _has(above, marks):
            left.pop()
        above = above.getparent()
    return not left


def _has(element: Any, marks: list[str]) -> bool:
    classes = (element.get("class") or "").split() if marks else []
    return all(mark[1:] in classes if mark[0] == "." else element.get("id") == mark[1:] for mark in marks)
