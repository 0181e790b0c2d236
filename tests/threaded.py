"""A server of the standard library that answers in a thread as long as a `with` block lasts."""

from __future__ import annotations

import threading
from socketserver import BaseServer
from types import TracebackType
from typing import Self


class Threaded:
    """What the small servers of the tests have in common; each makes its own `_server`."""

    _server: BaseServer

    def __enter__(self) -> Self:
        self._stopping = threading.Event()  # an answer that takes its time looks at it
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
