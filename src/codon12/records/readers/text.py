"""A text file in pieces, each as UTF-8 with LF line ends, whatever the file is written in; never held as a whole."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from codon12.errors import InputError
from codon12.records.readers.decode import MAX_UNPACKED, encoding_of, ends_in_cr, refuse_other, refuse_pointer

__all__ = ["TextFile"]

_PIECE = 8 * 2**20
"""Bytes looked at together while the encoding is found."""


class TextFile:
    """A text file, plain or gzipped, whose encoding and line ends are found when it is opened, as by `text_bytes`.

    Raises
    ------
    InputError
        As `text_bytes`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        head = next(self._bytes(2**10), b"")
        refuse_pointer(head, path.name)
        refuse_other(head, path.name)
        self._codec, self.encoding = encoding_of(lambda: self._bytes(_PIECE), path.name)
        self._lone = ends_in_cr(self._decoded(_PIECE))

    def pieces(self, size: int) -> Iterator[bytes]:
        """Text of about `size` bytes at a time; a piece may end within a character, never within a line end."""
        held = b""
        for text in self._decoded(size):
            if held or b"\r" in text:
                text = held + text  # noqa: PLW2901 - the CR that the piece before ended with
                held = b"\r" if text.endswith(b"\r") else b""
                text = self._line_feeds(text.removesuffix(b"\r"))  # noqa: PLW2901 - with its line ends
            if text:
                yield text
        if held:
            yield self._line_feeds(held)

    def _line_feeds(self, text: bytes) -> bytes:
        text = text.replace(b"\r\n", b"\n")
        return text.replace(b"\r", b"\n") if self._lone else text

    def _decoded(self, size: int) -> Iterator[bytes]:
        if self._codec == "utf-8":
            yield from self._bytes(size)
            return
        decoder = codecs.getincrementaldecoder(self._codec)()
        for piece in self._bytes(size):
            yield decoder.decode(piece).encode()

    def _bytes(self, size: int) -> Iterator[bytes]:
        """Bytes of the file, unpacked where they are packed."""
        name = self._path.name
        with self._path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not packed:
                while piece := file.read(size):
                    yield piece
                return
            left = MAX_UNPACKED
            with gzip.GzipFile(fileobj=file) as stream:
                while piece := _next(stream, size, name):
                    left -= len(piece)
                    if left < 0:
                        raise InputError(f"{name}: unpacks to more than {MAX_UNPACKED} bytes")
                    yield piece


def _next(stream: gzip.GzipFile, size: int, name: str) -> bytes:
    try:
        return stream.read(size)
    except (OSError, EOFError, zlib.error) as err:
        raise InputError(f"{name}: the gzip stream is broken ({err}); copy the file again") from None
