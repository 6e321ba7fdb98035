"""Read a manuscript: plain text, Markdown, HTML, JATS, PDF or Word, to the text its numbers stand in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from codon12.check import patterns as re
from codon12.check.documents.html import html_text
from codon12.check.documents.jats import jats_text
from codon12.check.documents.markup import without_markup
from codon12.errors import InputError

__all__ = ["LARGEST", "SUFFIXES", "decode", "read_document"]

LARGEST = 200_000_000
"""Files above this many bytes are refused."""
_HINT = "Install the readers with: pip install 'codon12[documents]'."


def read_document(path: Path, *, largest: int = LARGEST) -> str:
    """Text of a document; offsets of statements refer to this text.

    Plain text is given back character by character, Markdown without its signs and with its HTML tables read. Of
    HTML, JATS, PDF and Word files the text is taken in reading order: a row of a table is a line with tabs between
    its cells, in a PDF with spaces to where they stand; running heads and feet that recur on its pages are left out.

    Parameters
    ----------
    path
        The document; its suffix says of what kind it is.
    largest
        Most bytes that are read, of a Word file also after inflating.

    Raises
    ------
    InputError
        No such file, an unknown kind of file, binary content, nothing to read, or a reader is not installed;
        the message says which.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    size = path.stat().st_size
    if size == 0:
        raise InputError(f"{path}: the file is empty")
    if size > largest:
        raise InputError(f"{path}: {size} bytes; documents up to {largest} bytes are read (--largest raises this)")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: {path.suffix or 'no suffix'} is not read; these are: {', '.join(SUFFIXES)}")
    text = reader(path, largest)
    if not text.strip():
        raise InputError(f"{path}: holds no text (a scanned PDF needs text recognition first)")
    return text


def _plain(path: Path, largest: int) -> str:
    del largest
    return decode(path.read_bytes(), str(path))


_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKS_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")


def decode(raw: bytes, name: str) -> str:
    """Text of bytes: UTF-8, UTF-16 or UTF-32 with its mark, else Windows and latin-1 letters.

    Raises
    ------
    InputError
        The bytes are no text.
    """
    wide = "utf-32" if raw[:4] in _MARKS_32 else "utf-16" if raw[:2] in _MARKS_16 else None
    if wide is not None:
        try:
            return raw.decode(wide)
        except UnicodeDecodeError:
            raise InputError(f"{name}: begins like {wide.upper()} but is not") from None
    if b"\x00" in raw or raw[:4] in (b"%PDF", b"PK\x03\x04"):
        raise InputError(f"{name}: not a text file; its content is binary")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    strange = sum(1 for c in text[:100_000] if c < " " and c not in "\t\r\n\f")
    if strange > len(text[:100_000]) // 50:
        raise InputError(f"{name}: not a text file; its content is binary")
    return raw.decode("cp1252", errors="replace")


def _markdown(path: Path, largest: int) -> str:
    text = _plain(path, largest)
    if "</" in text:
        text = _TABLE.sub(lambda m: f"\n\n{html_text(m[0]).strip().removeprefix(_UNNAMED)}\n\n", text)
    return without_markup(text)


_TABLE = re.compile(r"(?s)<table\b[^<>]*>.*?</table>", re.IGNORECASE)
"""A table that Markdown gives in HTML; its name stands before it, if it has one."""
_UNNAMED = "Table 1.\n"


def _html(path: Path, largest: int) -> str:
    return html_text(_plain(path, largest))


def _jats(path: Path, largest: int) -> str:
    return jats_text(_plain(path, largest), str(path))


def _pdf(path: Path, largest: int) -> str:
    from codon12.check.documents.pdf import pdf_text

    del largest
    return pdf_text(path, hint=_HINT)


def _docx(path: Path, largest: int) -> str:
    from codon12.check.documents.word import docx_text

    return docx_text(path, largest=largest, hint=_HINT)


_READERS: dict[str, Callable[[Path, int], str]] = {
    ".txt": _plain,
    ".text": _plain,
    ".md": _markdown,
    ".html": _html,
    ".htm": _html,
    ".xml": _jats,
    ".nxml": _jats,
    ".pdf": _pdf,
    ".docx": _docx,
}
SUFFIXES = tuple(_READERS)
"""Suffixes of the files that are read."""
