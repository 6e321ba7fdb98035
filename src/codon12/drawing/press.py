"""Draw many figures in processes of their own, while this one goes on reading and counting.

Two processes stand in a row: the first starts the drawing engine (half a second, so `Press` starts it at once) and
draws SVG; the second, which needs no engine, makes PNG and PDF of it while the first draws the next figure. Processes
that cannot be started or die cost nothing but time: the figures are then drawn here.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from codon12.drawing.engine import Format, draw, picture
from codon12.drawing.look import DRAWN_MM, Look, laid_out_mm, restyled
from codon12.errors import UsageError

__all__ = ["Press", "draw_orders", "print_drawn"]


class _Order(msgspec.Struct):
    name: str
    spec: dict[str, Any]
    formats: list[str]
    look: Look


class _Drawn(msgspec.Struct):
    name: str
    svg: str
    formats: list[str]
    look: Look
    error: str = ""
    laid_out: float = DRAWN_MM


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

    def __init__(self, *, apart: bool = True) -> None:
        self._apart = apart
        self._orders: list[_Order] = []
        self._row: list[subprocess.Popen[bytes]] = []
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        if not self._apart:
            return self
        source: int | IO[bytes] = subprocess.PIPE
        try:
            for stage in (draw_orders, print_drawn):
                command = [sys.executable, "-c", f"from {__name__} import {stage.__name__} as work; work()"]
                child = subprocess.Popen(  # noqa: S603 - our own module
                    command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
                if self._row and self._row[-1].stdout is not None:
                    self._row[-1].stdout.close()  # the child has it; an end of the one is to be seen by the other
                self._row.append(child)
                assert child.stdout is not None
                source = child.stdout
        except OSError:
            self._stop()
            if not isinstance(source, int):
                source.close()
            return self
        assert not isinstance(source, int)
        threading.Thread(target=_say, args=(self._row[0], self._said), daemon=True).start()
        threading.Thread(target=_hear, args=(source, self._answers), daemon=True).start()
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
        order = _Order(name, restyled(spec, look.theme), [f for f in formats if f != "svg"], look)
        self._orders.append(order)
        if self._row:
            self._said.put(msgspec.msgpack.encode(order))

    def collect(self) -> dict[str, dict[str, bytes]]:
        """Wait for all figures asked for so far: name -> format -> bytes.

        Raises
        ------
        UsageError
            A specification cannot be drawn; the message names the figure.
        """
        out: dict[str, dict[str, bytes]] = {}
        for order in self._orders:
            data = self._answers.get() if self._row else b""
            if data:
                answer = msgspec.msgpack.decode(data, type=_Answer)
            else:
                self._stop()
                answer = _printed(_drawn(order))
            if answer.error:
                raise UsageError(f"figure {order.name}: {answer.error}")
            out[order.name] = answer.parts
        self._orders = []
        return out

    def _stop(self) -> None:
        row, self._row = self._row, []
        for child in row:
            child.kill()
        self._said.put(b"")
        for child in row:
            if child.stdin is not None:
                with contextlib.suppress(OSError):
                    child.stdin.close()
            child.wait()


def _drawn(order: _Order) -> _Drawn:
    try:
        svg = draw(order.spec)
        return _Drawn(order.name, svg, order.formats, order.look, laid_out=laid_out_mm(order.spec))
    except UsageError as err:
        return _Drawn(order.name, "", [], order.look, str(err))


def _printed(drawn: _Drawn) -> _Answer:
    if drawn.error:
        return _Answer(drawn.name, {}, drawn.error)
    try:
        made = {f: picture(drawn.svg, f, drawn.look, laid_out=drawn.laid_out) for f in drawn.formats}  # type: ignore[arg-type]
    except (UsageError, ValueError) as err:
        return _Answer(drawn.name, {}, str(err))
    return _Answer(drawn.name, {"svg": drawn.svg.encode(), **made})


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


def _say(child: subprocess.Popen[bytes], said: queue.SimpleQueue[bytes]) -> None:
    """Send what is put there until an empty message: a process that draws does not take more than its pipe holds."""
    assert child.stdin is not None
    try:
        while data := said.get():
            _send(child.stdin, data)
    except (OSError, ValueError):  # it is gone, or has been stopped: `collect` draws what it owed
        child.kill()


def _take(stream: IO[bytes]) -> bytes:
    size = int.from_bytes(stream.read(8), "big")
    return stream.read(size) if size else b""


def _hear(stream: IO[bytes], heard: queue.SimpleQueue[bytes]) -> None:
    """Take what comes until the stream ends, so that the other side never waits; an empty message marks the end."""
    with contextlib.suppress(OSError, ValueError), stream:
        while data := _take(stream):
            heard.put(data)
    heard.put(b"")


def _heard() -> Iterator[bytes]:
    """Messages on standard input, taken by a thread of their own: who sends them must not wait for the work."""
    messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(sys.stdin.buffer, messages), daemon=True).start()
    while data := messages.get():
        yield data


def draw_orders() -> None:
    """Draw the orders on standard input and send the drawings on, until it closes."""
    draw({"data": {"values": [{"x": 0}]}, "mark": "point"})
    for data in _heard():
        _send(sys.stdout.buffer, msgspec.msgpack.encode(_drawn(msgspec.msgpack.decode(data, type=_Order))))


def print_drawn() -> None:
    """Make the pictures of the drawings on standard input and send them on, until it closes."""
    for data in _heard():
        _send(sys.stdout.buffer, msgspec.msgpack.encode(_printed(msgspec.msgpack.decode(data, type=_Drawn))))
