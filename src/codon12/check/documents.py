"""Read a manuscript: plain text, Markdown, HTML, PDF or Word, to the text its numbers stand in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from codon12.check.passages import TABLE_END
from codon12.errors import InputError

__all__ = ["SUFFIXES", "read_document"]

LARGEST = 200_000_000
"""Files above this many bytes are refused."""
_HINT = "Install the readers with: pip install 'codon12[documents]'."


def read_document(path: Path) -> str:
    """Text of a document; offsets of statements refer to this text.

    Plain text and Markdown are given back character by character. Of HTML, PDF and Word files the text is taken
    in reading order: a row of a table is a line with tabs between its cells, running heads and feet that recur
    on the pages of a PDF are left out.

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
    if size > LARGEST:
        raise InputError(f"{path}: {size} bytes; documents up to {LARGEST} bytes are read")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: {path.suffix or 'no suffix'} is not read; these are: {', '.join(SUFFIXES)}")
    text = reader(path)
    if not text.strip():
        raise InputError(f"{path}: holds no text (a scanned PDF needs text recognition first)")
    return text


def _plain(path: Path) -> str:
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError(f"{path}: begins like UTF-16 but is not") from None
    if b"\x00" in raw or raw[:4] in (b"%PDF", b"PK\x03\x04"):
        raise InputError(f"{path}: not a text file; its content is binary")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    strange = sum(1 for c in text[:100_000] if c < " " and c not in "\t\r\n\f")
    if strange > len(text[:100_000]) // 50:
        raise InputError(f"{path}: not a text file; its content is binary")
    return raw.decode("cp1252", errors="replace")


_BLOCKS = {
    *("p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "br"),
    *("header", "footer", "blockquote", "figure", "figcaption", "dl", "dt", "dd", "hr", "pre"),
}
_SILENT = {"script", "style", "head", "noscript", "template", "svg", "nav"}


class _Page(HTMLParser):
    """Text of a page; tables as lines of cells, each named and closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.tables = 0
        self.cell: list[str] | None = None
        self.row: list[str] | None = None
        self.span = (1, 1)
        """Columns and rows the open cell covers."""
        self.hanging: dict[int, int] = {}
        """Column -> rows that a cell of an earlier row still covers there."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.tables += 1
            self.hanging = {}
            self.parts.append(f"\n\nTable {self.tables}.\n")
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

    def _hung(self) -> None:
        """Leave the columns empty that a cell of an earlier row covers."""
        while self.row is not None and self.hanging.get(len(self.row), 0) > 0:
            self.hanging[len(self.row)] -= 1
            self.row.append("")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.cell is not None:
            self.cell.append(data)
        elif self.row is None:
            self.parts.append(re.sub(r"\s+", " ", data))


def _span(value: str | None) -> int:
    """Columns or rows a cell covers; nonsense counts as one, and no table is wider than 100 columns."""
    return min(int(value), 100) if value and value.strip().isdigit() and int(value) > 0 else 1


def _html(path: Path) -> str:
    page = _Page()
    page.feed(_plain(path))
    page.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(page.parts))


def _pdf(path: Path) -> str:
    try:
        import pypdfium2
    except ImportError:
        raise InputError(f"{path}: reading PDF needs pypdfium2. {_HINT}") from None
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as err:
        raise InputError(f"{path}: not a readable PDF ({err})") from None
    pages: list[str] = []
    try:
        for index in range(len(document)):
            page = document[index]
            content = page.get_textpage()
            text = content.get_text_range()
            pages.append(text.replace("\ufffe", "").replace("\x02", "").replace("\r\n", "\n"))
            content.close()
            page.close()
    finally:
        document.close()
    return _without_running_heads(pages)


def _without_running_heads(pages: list[str]) -> str:
    """Pages joined; lines at head or foot that recur, figures aside, on a third of them are left out."""
    split = [page.split("\n") for page in pages]
    edge = 3
    seen: Counter[str] = Counter()
    for lines in split:
        ends = lines if len(lines) <= 2 * edge else lines[:edge] + lines[-edge:]
        seen.update({re.sub(r"\d+", "#", line.strip()) for line in ends if line.strip()})
    recurring = {
        x for x, times in seen.items() if times >= 3 and times * 3 >= len(pages) and not re.search(r"%|\(#", x)
    }
    kept = []
    for lines in split:
        inner = range(edge, len(lines) - edge)
        kept += [x for i, x in enumerate(lines) if i in inner or re.sub(r"\d+", "#", x.strip()) not in recurring]
    return "\n".join(kept)


def _docx(path: Path) -> str:
    try:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
        from docx.table import Table
    except ImportError:
        raise InputError(f"{path}: reading Word files needs python-docx. {_HINT}") from None
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as err:
        raise InputError(f"{path}: not a readable Word file ({err})") from None
    parts: list[str] = []
    tables = 0
    for item in document.iter_inner_content():
        if not isinstance(item, Table):
            parts.append(item.text + "\n")
            continue
        tables += 1
        named = bool(parts) and re.match(r"\s*Table \d", parts[-1]) is not None
        rows = _rows(item)
        head = "" if named else f"Table {tables}.\n"
        parts[-1:] = [parts[-1].rstrip() + "\n"] if named else parts[-1:]
        parts.append(head + "\n".join(rows) + f"\n{TABLE_END}\n")
    return "\n".join(parts)


def _rows(table: Any) -> list[str]:
    """Rows of a Word table, cells between tabs; a merged cell speaks once, in its first row and column."""
    out, seen = [], set()
    for row in table.rows:
        words = []
        for cell in row.cells:
            words.append("" if cell._tc in seen else " ".join(cell.text.split()))  # noqa: SLF001  the merge is only there
            seen.add(cell._tc)  # noqa: SLF001  the merge is only there
        out.append("\t".join(words))
    return out


_READERS: dict[str, Callable[[Path], str]] = {
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
