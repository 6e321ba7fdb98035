"""Bytes of a text file -> UTF-8 bytes with LF line ends: compression, encodings, byte-order marks, line ends."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from pathlib import Path

from codon12.errors import InputError

__all__ = ["MAX_UNPACKED", "refuse_pointer", "text_bytes", "utf8_text"]

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
    _refuse_other(data, path.name)
    text, encoding = _utf8(data, path.name)
    return _line_feeds(text), encoding


def utf8_text(head: bytes, name: str, *, cut: bool) -> bytes:
    """Give the head of a text file as UTF-8 with LF line ends; `cut`: it may end within a line or a character.

    Raises
    ------
    InputError
        As `text_bytes`.
    """
    _refuse_other(head, name)
    if cut and not head.startswith(tuple(mark for mark, _ in _MARKS[1:])):
        end = max(head.rfind(b"\n"), head.rfind(b"\r"))
        head = head[: end + 1] if end >= 0 else head
    elif cut:
        head = head[: len(head) // 4 * 4]
    return _line_feeds(_utf8(head, name)[0])


def _refuse_other(data: bytes, name: str) -> None:
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
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError as err:
                raise InputError(
                    f"{name}: begins with a {encoding} mark but byte {err.start} does not fit it"
                ) from None
            return text.encode(), encoding.removesuffix("-sig")
    head = data[:2000]
    zeros_even, zeros_odd = head[::2].count(0), head[1::2].count(0)
    if max(zeros_even, zeros_odd) > 0.4 * len(head) / 2 and min(zeros_even, zeros_odd) < 0.1 * len(head) / 2:
        encoding = "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
        try:
            return data.decode(encoding).encode(), encoding
        except UnicodeDecodeError as err:
            raise InputError(f"{name}: looks like UTF-16 without a mark, but byte {err.start} does not fit") from None
    if data.isascii():
        return data, "utf-8"
    try:
        data.decode()
    except UnicodeDecodeError:
        east = _east_asian(data)
        if east is not None:
            return data.decode(east).encode(), east
        try:
            return data.decode("cp1252").encode(), "latin-1"
        except UnicodeDecodeError:
            return data.decode("latin-1").encode(), "latin-1"
    return data, "utf-8"


def _east_asian(data: bytes) -> str | None:
    """Code page of Japanese (cp932) or Korean (cp949) text: its bytes above 127 stand in runs, accents stand alone.

    The page is believed only where it decodes every byte, and to letters of its own script for the most part.
    """
    high = [len(run) for run in re.findall(rb"[\x80-\xff]+", data[:_LOOKED_AT])]
    if sum(n for n in high if n > 1) < _IN_RUNS * sum(high):
        return None
    for page, own in _EAST.items():
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        letters = "".join(re.findall(r"[^\x00-\x7f]", text[:_LOOKED_AT]))
        # the rare syllables of cp949 are what other texts decode to: those in use are of EUC-KR
        usual = letters.encode("euc_kr", errors="ignore").decode("euc_kr") if page == "cp949" else letters
        if len(re.findall(own, usual)) >= _OF_SCRIPT * len(letters):
            return page
    return None


def _line_feeds(data: bytes) -> bytes:
    if b"\r" not in data:
        return data
    data = data.replace(b"\r\n", b"\n")
    lone = data.count(b"\r")
    # A lone CR ends a line only where the file has no other line end of its own (old Macintosh exports).
    if lone and lone > data.count(b"\n"):
        data = data.replace(b"\r", b"\n")
    return data
