"""Demand that every link between the pages of the documentation leads somewhere."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import PAGES, ROOT, prose, read

_LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page: str) -> set[str]:
    """Return the anchors that a page's headings have."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Look for the file, and for the heading where one is named."""
    for link in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.resolve().relative_to(ROOT).as_posix()), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    """Follow the links from README.md."""
    seen: set[str] = set()
    ahead = ["README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        for link in _LINK.findall(prose(page)):
            target = ((ROOT / page).parent / link.partition("#")[0]).resolve()
            target = target / "README.md" if target.is_dir() else target
            if target.suffix == ".md" and target.is_file():
                ahead.append(target.relative_to(ROOT).as_posix())
    assert set(PAGES) - seen == set()


def test_every_picture_is_shown() -> None:
    """Demand that no picture of `docs/` is left over."""
    shown = {path.name for path in ROOT.glob("docs/*.png") for page in PAGES if path.name in read(page)}
    assert shown == {path.name for path in ROOT.glob("docs/*.png")}
