"""Read a manuscript: plain text, Markdown, HTML, PDF or Word, to the text its numbers stand in."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from codon12.check.documents.passages import TABLE_END
from codon12.errors import InputError

__all__ = ["LARGEST", "SUFFIXES", "decode", "read_document"]

LARGEST = 200_000_000
"""Files above this many bytes are refused."""
_HINT = "Install the readers with: pip install 'codon12[documents]'."


def read_document(path: Path, *, largest: int = LARGEST) -> str:
    """Text of a document; offsets of statements refer to this text.

    Plain text and Markdown are given back character by character. Of HTML, PDF and Word files the text is taken
    in reading order: a row of a table is a line with tabs between its cells, running heads and feet that recur
    on the pages of a PDF are left out.

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


_BLOCKS = {
    *("p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "br"),
    *("header", "footer", "blockquote", "figure", "figcaption", "dl", "dt", "dd", "hr", "pre"),
}
_CAPTION = re.compile(r"Table [A-Z]?\d{1,2}\b", re.IGNORECASE)
_SILENT = {"script", "style", "head", "noscript", "template", "svg", "nav"}


class _Page(HTMLParser):
    """Text of a page; tables as lines of cells, each named and closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.tables = 0
        self.head = 0
        """Where among the parts the head of the open table stands."""
        self.cell: list[str] | None = None
        self.row: list[str] | None = None
        self.span = (1, 1)
        """Columns and rows the open cell covers."""
        self.caption: list[str] | None = None
        self.hanging: dict[int, int] = {}
        """Column -> rows that a cell of an earlier row still covers there."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.tables += 1
            self.hanging = {}
            self.head = len(self.parts)
            named = _CAPTION.match(self._last_words())
            self.parts.append("\n" if named else f"\n\nTable {self.tables}.\n")
        elif tag == "caption":
            self.caption = []
        elif tag == "tr":
            self.row = []
            self._hung()
        elif tag in ("td", "th"):
            self.cell = []
            given = dict(attrs)
            self.span = (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag in _BLOCKS and self.cell is None:
            self.parts.append("\n\n" if tag != "br" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "caption" and self.caption is not None:
            words = " ".join("".join(self.caption).split())
            self.caption = None
            head = words if _CAPTION.match(words) else f"Table {self.tables}. {words}"
            self.parts[self.head] = f"\n\n{head}\n"
        elif tag in ("td", "th") and self.cell is not None:
            if self.row is not None:
                words = " ".join("".join(self.cell).split())
                for column in range(len(self.row), len(self.row) + self.span[0]):
                    if self.span[1] > 1:
                        self.hanging[column] = self.span[1] - 1
                self.row += [words, *[""] * (self.span[0] - 1)]
                self._hung()
            self.cell = None
        elif tag == "tr" and self.row is not None:
            self.parts.append("\t".join(self.row) + "\n")
            self.row = None
        elif tag == "table":
            self.parts.append(f"\n{TABLE_END}\n\n")
        elif tag in _BLOCKS and self.cell is None:
            self.parts.append("\n\n")

    def _last_words(self) -> str:
        """What stands last before here, spaces aside; a heading and the line under it are one."""
        for k in range(len(self.parts) - 1, max(-1, len(self.parts) - 12), -1):
            if self.parts[k].strip():
                while self.parts[-1].strip() == "" and len(self.parts) - 1 > k:
                    if _CAPTION.match(self.parts[k].strip()) is None:
                        break
                    self.parts.pop()
                return self.parts[k].strip()
        return ""

    def _hung(self) -> None:
        """Leave the columns empty that a cell of an earlier row covers."""
        while self.row is not None and self.hanging.get(len(self.row), 0) > 0:
            self.hanging[len(self.row)] -= 1
            self.row.append("")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.caption is not None:
            self.caption.append(data)
        elif self.cell is not None:
            self.cell.append(data)
        elif self.row is None:
            self.parts.append(re.sub(r"\s+", " ", data))


def _span(value: str | None) -> int:
    """Columns or rows a cell covers; nonsense counts as one, and no table is wider than 100 columns."""
    return min(int(value), 100) if value and value.strip().isdigit() and int(value) > 0 else 1


def _html(path: Path, largest: int) -> str:
    page = _Page()
    page.feed(_plain(path, largest))
    page.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(page.parts))


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
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
}
SUFFIXES = tuple(_READERS)
"""Suffixes of the files that are read."""
