"""A limit on how long a browser may take to say what it wants, and on how many may wait at once."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Impatient"]


class Impatient(H11Protocol):
    """HTTP/1.1 whose head must be there within ten seconds; a connection beyond the thousandth-odd is closed.

    Clients that send a byte now and then (slow loris) keep a socket for those seconds and nothing else.
    """

    head_seconds = 10.0
    most_connections = 1200

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the head of a request."""
        super().connection_made(transport)
        self._waits: asyncio.TimerHandle | None = None
        if len(self.connections) > self.most_connections:
            transport.close()
            return
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Wait on while the head is not whole."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        else:
            self._stop()

    def _wait(self) -> None:
        if self._waits is None:
            self._waits = self.loop.call_later(self.head_seconds, self._late)

    def _stop(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    def _late(self) -> None:
        self._waits = None
        busy = self.cycle is not None and not self.cycle.response_complete
        if not busy and not self.transport.is_closing():
            self.transport.close()
