"""Draw many figures in a process of their own, while this one goes on reading and counting.

Starting the drawing engine takes about half a second; `Press` starts it at once, so that it is ready when the
evidence is. A child process that cannot be started or dies costs nothing but time: the figures are then drawn here.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from codon12.errors import UsageError
from codon12.figures.drawing import Format, draw, picture

__all__ = ["Press", "work"]


class _Order(msgspec.Struct):
    name: str
    spec: dict[str, Any]
    formats: list[str]


class _Answer(msgspec.Struct):
    name: str
    parts: dict[str, bytes]
    error: str = ""


class Press:
    """A process that turns specifications into SVG, PNG and PDF; use it in a ``with`` block.

    Examples
    --------
    >>> with Press() as press:
    ...     press.order("one", {"data": {"values": [{"x": 1}]}, "mark": "point"}, ["svg"])
    ...     press.collect()["one"]["svg"][:4]
    b'<svg'
    """

    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(  # our own module, by our own interpreter
                [sys.executable, "-c", "from codon12.figures.press import work; work()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            self._process = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except OSError:
                        continue
            process.wait()

    def order(self, name: str, spec: Mapping[str, Any], formats: Sequence[Format]) -> None:
        """Ask for one figure; the answer comes with `collect`. SVG is always among the answers."""
        order = _Order(name, dict(spec), ["svg", *(f for f in formats if f != "svg")])
        self._orders.append(order)
        if self._process is not None and self._process.stdin is not None:
            try:
                _send(self._process.stdin, msgspec.msgpack.encode(order))
            except OSError:
                self._process.kill()

    def collect(self) -> dict[str, dict[str, bytes]]:
        """Wait for all figures asked for so far: name -> format -> bytes.

        Raises
        ------
        UsageError
            A specification cannot be drawn; the message names the figure.
        """
        out: dict[str, dict[str, bytes]] = {}
        for order in self._orders:
            answer = self._receive() or _printed(order)
            if answer.error:
                raise UsageError(f"figure {order.name}: {answer.error}")
            out[order.name] = answer.parts
        self._orders = []
        return out

    def _receive(self) -> _Answer | None:
        if self._process is None or self._process.stdout is None:
            return None
        data = _take(self._process.stdout)
        return msgspec.msgpack.decode(data, type=_Answer) if data else None


def _printed(order: _Order) -> _Answer:
    try:
        svg = draw(order.spec)
        return _Answer(order.name, {f: picture(svg, f) for f in order.formats})  # type: ignore[arg-type]
    except UsageError as err:
        return _Answer(order.name, {}, str(err))


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


def _take(stream: IO[bytes]) -> bytes:
    size = int.from_bytes(stream.read(8), "big")
    return stream.read(size) if size else b""


def work() -> None:
    """Answer orders from standard input until it closes.

    Orders are read by a thread of their own: the other side must never wait to be read while this one waits to be
    read from.
    """
    orders: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        while data := _take(sys.stdin.buffer):
            orders.put(data)
        orders.put(b"")

    threading.Thread(target=listen, daemon=True).start()
    draw({"data": {"values": [{"x": 0}]}, "mark": "point"})
    while data := orders.get():
        _send(sys.stdout.buffer, msgspec.msgpack.encode(_printed(msgspec.msgpack.decode(data, type=_Order))))
