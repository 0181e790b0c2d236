"""The MCP server: refused with the way out where its package is missing, asked by a real client where not."""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rag import __version__
from rag.errors import SettingsError
from rag.library import Library
from rag.ui.app import web
from tests.browser.conftest import running


def test_without_its_package_it_is_refused(samples: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(SettingsError, match="--mcp") as caught:
        web(samples, mcp=True)
    assert "quellenchat[mcp]" in caught.value.hint


def test_an_assistant_asks_and_reads(samples: Library) -> None:
    async def talk(address: str) -> tuple[set[str], dict[str, Any], dict[str, Any]]:
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        async with (
            streamablehttp_client(f"{address}gradio_api/mcp/") as (incoming, outgoing, _),
            ClientSession(incoming, outgoing) as session,
        ):
            assert (await session.initialize()).serverInfo.version == __version__
            names = {tool.name for tool in (await session.list_tools()).tools}
            asked = await session.call_tool("ask", {"question": "Was forderte Putin bezüglich der NATO?"})
            answer = json.loads(asked.content[0].text)
            cited = answer["citations"][0]["article"]
            read = await session.call_tool("get_article", {"article": cited})
            return names, answer, json.loads(read.content[0].text)

    # A browser of other tests may keep an event loop running in this thread.
    with running(samples, mcp=True) as address, ThreadPoolExecutor(1) as elsewhere:
        names, answer, article = elsewhere.submit(lambda: asyncio.run(talk(address))).result()
    assert {"ask", "search", "get_article"} == names
    citation = answer["citations"][0]
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
