"""Draw many figures in processes of their own, while this one goes on reading and counting.

Starting the drawing engine takes about half a second; `Press` starts it at once, so that it is ready when the
evidence is. A child process that cannot be started or dies costs nothing but time: the figures are then drawn here.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from codon12.drawing.engine import Format, draw, picture
from codon12.drawing.look import Look, restyled
from codon12.errors import UsageError

__all__ = ["Press", "work"]


class _Order(msgspec.Struct):
    name: str
    spec: dict[str, Any]
    formats: list[str]
    look: Look


class _Answer(msgspec.Struct):
    name: str
    parts: dict[str, bytes]
    error: str = ""


class Press:
    """Processes that turn specifications into SVG, PNG and PDF; use it in a ``with`` block.

    Examples
    --------
    >>> with Press() as press:
    ...     press.order("one", {"data": {"values": [{"x": 1}]}, "mark": "point"}, ["svg"])
    ...     press.collect()["one"]["svg"][:4]
    b'<svg'
    """

    def __init__(self, processes: int = 2) -> None:
        self._count = processes
        self._orders: list[_Order] = []
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        command = [sys.executable, "-c", "from codon12.drawing.press import work; work()"]
        pipe, silent = subprocess.PIPE, subprocess.DEVNULL
        try:
            for _ in range(self._count):
                child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=silent)  # noqa: S603 - our own module
                self._children.append(child)
        except OSError:
            self._stop()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def order(self, name: str, spec: Mapping[str, Any], formats: Sequence[Format], *, look: Look | None = None) -> None:
        """Ask for one figure; the answer comes with `collect`.

        SVG is always among the answers, in the drawing's own size; the other formats have the size of the look.
        """
        look = look or Look()
        order = _Order(name, restyled(spec, look.theme), ["svg", *(f for f in formats if f != "svg")], look)
        child = self._child(len(self._orders))
        self._orders.append(order)
        if child is not None and child.stdin is not None:
            try:
                _send(child.stdin, msgspec.msgpack.encode(order))
            except OSError:
                child.kill()

    def collect(self) -> dict[str, dict[str, bytes]]:
        """Wait for all figures asked for so far: name -> format -> bytes.

        Raises
        ------
        UsageError
            A specification cannot be drawn; the message names the figure.
        """
        out: dict[str, dict[str, bytes]] = {}
        for i, order in enumerate(self._orders):
            child = self._child(i)
            data = _take(child.stdout) if child is not None and child.stdout is not None else b""
            answer = msgspec.msgpack.decode(data, type=_Answer) if data else _printed(order)
            if answer.error:
                raise UsageError(f"figure {order.name}: {answer.error}")
            out[order.name] = answer.parts
        self._orders = []
        return out

    def _child(self, index: int) -> subprocess.Popen[bytes] | None:
        return self._children[index % len(self._children)] if self._children else None

    def _stop(self) -> None:
        children, self._children = self._children, []
        for child in children:
            child.kill()
        for child in children:
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            child.wait()


def _printed(order: _Order) -> _Answer:
    try:
        svg = draw(order.spec)
        made = {f: picture(svg, f, order.look) for f in order.formats if f != "svg"}  # type: ignore[arg-type]
        return _Answer(order.name, {"svg": svg.encode(), **made})
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
