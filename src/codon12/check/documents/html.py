"""The text of a page of HTML, its tables as lines of cells."""

from __future__ import annotations

from html.parser import HTMLParser

from codon12.check import patterns as re
from codon12.check.documents.passages import TABLE_END

__all__ = ["BLOCKS", "CAPTION", "Page", "html_text", "raised"]

BLOCKS = {
    *("p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "br"),
    *("header", "footer", "blockquote", "figure", "figcaption", "dl", "dt", "dd", "hr", "pre"),
}
CAPTION = re.compile(r"Table [A-Z]?\d{1,2}\b", re.IGNORECASE)
_FOOTNOTE_LETTER = re.compile(r"\s*[a-z](?:, ?[a-z])*\s*")
_SILENT = {"script", "style", "head", "noscript", "template", "svg", "nav", "del", "s", "strike"}
_RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


def raised(words: str) -> str:
    """Words that stand above the line, their figures as such: `0.03` with the citation 12 is no `0.0312`."""
    return re.sub(r"^[-\u2212](?=\d)", "\u207b", words).translate(_RAISED)


class Page(HTMLParser):
    """Text of a page; tables as lines of cells, each named and closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.kept = 0
        """Depth within text whose lines stand as written."""
        self.tables = 0
        self.head: int | None = None
        """Where among the parts the head of the last table stands."""
        self.cell: list[str] | None = None
        self.raised = 0
        """Where in the open cell what is raised begins."""
        self.row: list[str] | None = None
        self.span = (1, 1)
        """Columns and rows the open cell covers."""
        self.caption: list[str] | None = None
        self.superior = 0
        """Depth within what stands above the line."""
        self.outer: list[tuple[list[str], list[str] | None, list[str] | None, tuple[int, int], dict[int, int]]] = []
        """Words, row, cell, its span and what hangs of the tables around this one."""
        self.inner: list[str] = []
        """Tables that stand in cells; they follow the table around them."""
        self.hanging: dict[int, int] = {}
        """Column -> rows that a cell of an earlier row still covers there."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block, a table, a row or a cell."""
        if tag in _SILENT:
            self.silent += 1
        elif tag == "body":
            self.silent = 0  # the end of a head may go unsaid
        elif tag == "table":
            if self.cell is not None:
                self.outer.append((self.parts, self.row, self.cell, self.span, self.hanging))
                self.parts, self.row, self.cell = [], None, None
            self.tables += 1
            self.hanging = {}
            named = CAPTION.match(self._last_words())
            self.head = len(self.parts)
            self.parts.append("\n" if named else f"\n\nTable {self.tables}.\n")
        elif tag == "caption" and self.head is not None:
            self.caption = []
        elif tag == "tr":
            self.row = []
            self._hung()
        elif tag in ("td", "th"):
            self.cell = []
            given = dict(attrs)
            self.span = (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag == "sup":
            self.superior += 1
            self.raised = len(self.cell or ())
        elif tag in BLOCKS and self.cell is not None:
            self.cell.append(" ")
        elif tag in BLOCKS:
            self.kept += tag == "pre"
            self.parts.append("\n\n" if tag != "br" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a block, a table, a row or a cell, whose words then stand."""
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "caption" and self.caption is not None and self.head is not None:
            words = " ".join("".join(self.caption).split())
            self.caption = None
            head = words if CAPTION.match(words) else f"Table {self.tables}. {words}"
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
        elif tag == "sup":
            self.superior = max(0, self.superior - 1)
            before, words = (self.cell or [])[: self.raised], "".join((self.cell or [])[self.raised :])
            if self.cell is not None and _FOOTNOTE_LETTER.fullmatch(words) and "".join(before).strip():
                self.cell = before
        elif tag == "tr" and self.row is not None:
            self.parts.append("\t".join(self.row) + "\n")
            self.row = None
        elif tag == "table":
            self.parts.append(f"\n{TABLE_END}\n\n")
            if self.outer:
                self.inner.append("".join(self.parts))
                self.parts, self.row, self.cell, self.span, self.hanging = self.outer.pop()
            else:
                self.parts += self.inner
                self.inner = []
        elif tag in BLOCKS and self.cell is None:
            self.kept = max(0, self.kept - (tag == "pre"))
            self.parts.append("\n\n")

    def _last_words(self) -> str:
        """What stands last before here, spaces aside; a heading and the line under it are one."""
        for k in range(len(self.parts) - 1, max(-1, len(self.parts) - 12), -1):
            if self.parts[k].strip():
                while self.parts[-1].strip() == "" and len(self.parts) - 1 > k:
                    if CAPTION.match(self.parts[k].strip()) is None:
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
        """Add words to the caption, the cell or the text."""
        if self.silent:
            return
        data = raised(data) if self.superior else data
        if self.caption is not None:
            self.caption.append(data)
        elif self.cell is not None:
            self.cell.append(data)
        elif self.row is None:
            self.parts.append(data if self.kept else re.sub(r"\s+", " ", data))


def _span(value: str | None) -> int:
    """Columns or rows a cell covers; nonsense counts as one, and no table is wider than 100 columns."""
    return min(int(value), 100) if value and value.strip().isdigit() and int(value) > 0 else 1


def html_text(given: str) -> str:
    """Text of a page in reading order; a row of a table is a line with tabs between its cells.

    Examples
    --------
    >>> html_text("<p>Of 40 patients,</p><p>10 (25%) responded.</p>").split()[-1]
    'responded.'
    """
    page = Page()
    page.feed(given)
    page.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(page.parts))
