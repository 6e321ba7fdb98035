"""Bytes of a text file -> UTF-8 bytes with LF line ends: compression, encodings, byte-order marks, line ends."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from codon12.errors import InputError

__all__ = ["MAX_UNPACKED", "encoding_of", "ends_in_cr", "refuse_other", "refuse_pointer", "text_bytes", "utf8_text"]

MAX_UNPACKED = 8 * 1024**3
"""A compressed file that unpacks to more is refused: no table of a study is that large, a bomb is."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EAST = {"cp949": "[\uac00-\ud7a3]", "cp932": "[\u3040-\u30ff\u4e00-\u9fff\uff00-\uff60\u3000-\u303f]"}
"""Code page -> letters of its script: Hangul; kana and kanji."""
_USUAL = (b"\xb0\xa1", b"\xc8\xfe")
"""First and last of the Korean syllables in use."""
_MARK_LOOKED_AT = 2000
_LOOKED_AT, _IN_RUNS, _OF_SCRIPT = 100_000, 0.8, 0.8
_OTHER_KINDS = {
    b"PK\x03\x04": "a zip archive or workbook",
    b"PAR1": "a Parquet file",
    b"HEADER RECORD*******": "a SAS transport file",
    b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60": "a SAS data set",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"%PDF": "a PDF document",
    b"\x7fELF": "a program",
    b"\x89PNG": "an image",
}
_POINTERS = (
    (b"version https://git-lfs.github.com/spec/", "Git LFS", "git lfs pull"),
    (b"/annex/objects/", "git-annex", "git annex get"),
    (b"../.git/annex/objects/", "git-annex", "git annex get"),
    (b".git/annex/objects/", "git-annex", "git annex get"),
)


def text_bytes(path: Path) -> tuple[bytes, str]:
    """Give the text of a file as UTF-8 bytes with LF line ends, and the name of the encoding found.

    UTF-8 (with or without mark), UTF-16 and UTF-32 with mark, UTF-16 without mark where every second byte is
    zero; Japanese and Korean as Windows writes them (cp932, cp949); else Latin-1 as Windows writes it. Line ends may
    be LF, CRLF or CR alone.

    Raises
    ------
    InputError
        No bytes, another kind of file, a broken gzip stream, or text that its own mark contradicts.
    """
    data = path.read_bytes()
    refuse_pointer(data, path.name)
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data, path.name)
    elif path.name.lower().endswith(".dsjc"):
        data = _inflated(data, path.name)
    refuse_other(data, path.name)
    text, encoding = _utf8(data, path.name)
    return _line_feeds(text), encoding


def utf8_text(head: bytes, name: str, *, cut: bool) -> bytes:
    """Give the head of a text file as UTF-8 with LF line ends; `cut`: it may end within a line or a character.

    Raises
    ------
    InputError
        As `text_bytes`.
    """
    refuse_other(head, name)
    if cut and not head.startswith(tuple(mark for mark, _ in _MARKS[1:])):
        end = max(head.rfind(b"\n"), head.rfind(b"\r"))
        head = head[: end + 1] if end >= 0 else head
    elif cut:
        head = head[: len(head) // 4 * 4]
    return _line_feeds(_utf8(head, name)[0])


def refuse_other(data: bytes, name: str) -> None:
    """Refuse a file that is empty or begins as another kind of file does.

    Raises
    ------
    InputError
        The message says what it is.
    """
    if not data:
        raise InputError(f"{name}: the file is empty (0 bytes); a table needs at least a header line")
    for magic, kind in _OTHER_KINDS.items():
        if data.startswith(magic):
            raise InputError(f"{name}: is {kind}, not a text table; rename it to what it is")


def refuse_pointer(head: bytes, name: str) -> None:
    """Refuse a file that holds not the data but the place where a version control system keeps them.

    Raises
    ------
    InputError
        A pointer of Git LFS or git-annex; the message says how to get the file itself.
    """
    for mark, tool, how in _POINTERS:
        if head[: len(mark)] == mark:
            raise InputError(f"{name}: holds a pointer of {tool}, not the data; get the file itself with '{how}'")


def _inflated(data: bytes, name: str) -> bytes:
    """Text of a zlib stream, which compressed Dataset-JSON may be beside gzip; plain text as it is."""
    if data[:1] != b"\x78":
        return data
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(data, MAX_UNPACKED)
    except zlib.error as err:
        raise InputError(f"{name}: the compressed stream is broken ({err}); copy the file again") from None
    if stream.unconsumed_tail:
        raise InputError(f"{name}: unpacks to more than {MAX_UNPACKED} bytes")
    if not stream.eof:
        raise InputError(f"{name}: the compressed stream is cut short; copy the file again")
    return out


def _unpacked(data: bytes, name: str) -> bytes:
    size = int.from_bytes(data[-4:], "little")  # modulo 2**32, as gzip writes it: a hint only
    if size > MAX_UNPACKED:
        raise InputError(f"{name}: unpacks to more than {MAX_UNPACKED} bytes")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            out = stream.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as err:
        raise InputError(f"{name}: the gzip stream is broken ({err}); copy the file again") from None
    if len(out) > MAX_UNPACKED:
        raise InputError(f"{name}: unpacks to more than {MAX_UNPACKED} bytes")
    return out


def _utf8(data: bytes, name: str) -> tuple[bytes, str]:
    codec, encoding = encoding_of(lambda: iter((data,)), name)
    return data if codec == "utf-8" else data.decode(codec).encode(), encoding


def encoding_of(pieces: Callable[[], Iterator[bytes]], name: str) -> tuple[str, str]:
    """Codec of a text whose bytes come in pieces, each time anew, and the name it goes by; as `text_bytes` says.

    The first piece holds the first 2,000 bytes, where there are as many.

    Raises
    ------
    InputError
        Text that its own mark contradicts.
    """
    head = next(pieces(), b"")[:_MARK_LOOKED_AT]
    for mark, codec in _MARKS:
        if head.startswith(mark):
            at = _unfit(pieces, codec)
            if at is not None:
                raise InputError(f"{name}: begins with a {codec} mark but byte {at} does not fit it")
            return codec, codec.removesuffix("-sig")
    zeros_even, zeros_odd = head[::2].count(0), head[1::2].count(0)
    if max(zeros_even, zeros_odd) > 0.4 * len(head) / 2 and min(zeros_even, zeros_odd) < 0.1 * len(head) / 2:
        codec = "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
        at = _unfit(pieces, codec)
        if at is not None:
            raise InputError(f"{name}: looks like UTF-16 without a mark, but byte {at} does not fit")
        return codec, codec
    if _unfit(pieces, "utf-8") is None:
        return "utf-8", "utf-8"
    east = _east_asian(pieces)
    if east is not None:
        return east, east
    return "latin-1" if _unfit(pieces, "cp1252") is not None else "cp1252", "latin-1"


def _unfit(pieces: Callable[[], Iterator[bytes]], codec: str) -> int | None:
    """Place of the first byte that does not fit a codec; None where all do."""
    decoder = codecs.getincrementaldecoder(codec)()
    before = 0
    for piece in chain(pieces(), (b"",)):
        kept = decoder.getstate()[0]
        if not kept and codec == "utf-8" and piece.isascii():
            before += len(piece)
            continue
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as err:
            return before - len(kept) + err.start
        before += len(piece)
    return None


def _east_asian(pieces: Callable[[], Iterator[bytes]]) -> str | None:
    """Code page of Japanese (cp932) or Korean (cp949) text: its bytes above 127 stand in runs, accents stand alone.

    The page is believed only where it decodes every byte, and to letters of its own script for the most part.
    """
    head = _first(pieces(), _LOOKED_AT * 2)  # a letter takes up to two bytes
    high = [len(run) for run in re.findall(rb"[\x80-\xff]+", head[:_LOOKED_AT])]
    if sum(n for n in high if n > 1) < _IN_RUNS * sum(high):
        return None
    for page, own in _EAST.items():
        if _unfit(pieces, page) is not None:
            continue
        text = codecs.getincrementaldecoder(page)().decode(head)
        letters = "".join(re.findall(r"[^\x00-\x7f]", text[:_LOOKED_AT]))
        # the rare syllables of cp949 are what other texts decode to; those in use lie in one block of it
        usual = letters if page != "cp949" else "".join(c for c in letters if _USUAL[0] <= c.encode(page) <= _USUAL[1])
        if len(re.findall(own, usual)) >= _OF_SCRIPT * len(letters):
            return page
    return None


def _first(pieces: Iterator[bytes], size: int) -> bytes:
    head = b""
    for piece in pieces:
        head += piece[: size - len(head)]
        if len(head) >= size:
            break
    return head


def _line_feeds(data: bytes) -> bytes:
    if b"\r" not in data:
        return data
    lone = ends_in_cr((data,))
    data = data.replace(b"\r\n", b"\n")
    return data.replace(b"\r", b"\n") if lone else data


def ends_in_cr(pieces: Iterable[bytes]) -> bool:
    """Whether a lone CR ends the lines of a text: where it has more of them than other line ends (old Macintosh)."""
    lone = ends = 0
    last = b""
    for piece in pieces:
        lone += piece.count(b"\r") - piece.count(b"\r\n") - (last == b"\r" and piece[:1] == b"\n")
        ends += piece.count(b"\n")
        last = piece[-1:] or last
    return lone > ends
