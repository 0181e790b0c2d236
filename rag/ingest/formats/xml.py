"""Bytes of XML from anybody → a tree; no entity is expanded, nothing is fetched."""

from __future__ import annotations

from typing import Any

from rag.errors import InputError


def parse(content: bytes) -> Any:
    """Return the root of a document, an lxml element.

    Raises:
        InputError: it is not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        reason = (str(error).splitlines() or ["it is empty"])[0][:120]
        raise InputError(f"its XML is damaged: {reason}", hint="save it again, or as .txt") from error
