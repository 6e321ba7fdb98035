"""Text of a PDF by where its characters stand: cells of a row on one line with their gaps, running heads left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codon12.check import patterns as re
from codon12.check.documents.blocks import TABLE_END
from codon12.check.documents.layout import CELL_ALONE, Line, reading_order
from codon12.errors import InputError

__all__ = ["PAGE", "opened_pdf", "pdf_text"]

PAGE = "\f"
"""Stands at the beginning of every page but the first."""
_COLUMN_GAP = 2.2
"""A gap of more than so many mean characters parts two columns."""


def pdf_text(path: Path, *, hint: str) -> str:
    """Text of all pages; a wide gap within a line becomes a run of spaces, a cell set apart joins its row.

    Raises
    ------
    InputError
        The reader is not installed, or the file is no PDF that can be read.
    """
    document = opened_pdf(path, hint=hint)
    import pypdfium2

    pages: list[str] = []
    try:
        for index in range(len(document)):
            page = document[index]
            content = page.get_textpage()
            pages.append(_page(content, page.get_width()))
            content.close()
            page.close()
    except pypdfium2.PdfiumError as err:
        raise InputError(f"{path}: page {len(pages) + 1} of the PDF cannot be read ({err})") from None
    finally:
        document.close()
    return _without_running_heads(pages)


def opened_pdf(path: Path, *, hint: str) -> Any:
    """Open a PDF; errors as `pdf_text`. Who opens it closes it."""
    try:
        import pypdfium2
    except ImportError:
        raise InputError(f"{path}: reading PDF needs pypdfium2. {hint}") from None
    try:
        return pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError, ValueError) as err:
        raise InputError(f"{path}: not a readable PDF ({err})") from None


def _page(content: Any, width: float) -> str:
    text = content.get_text_range()
    if not text or len(text) != content.count_chars():
        return _plain(text)
    text = _with_raised(content, text)
    lines: list[Line] = []
    begin = 0
    for found in re.finditer(rf"\r?\n|{_BROKEN}|$", text):
        end = found.end() if found[0] in tuple(_BROKEN[1:-1]) else found.start()
        if end > begin:
            lines.append(_line(content, text, begin, end))
        begin = found.end()
    return "\n".join(x.rstrip() for x in _in_columns(reading_order(lines, width)))


_MARK = re.compile(r"(?<=[a-z.,;:)%\]])(?<![\s<>=≤≥(\[-]\.)\d[\d,\u2013-]*(?![.\d]|\s*%)")
"""Figures glued to what stands before them: a citation, where they are raised."""
_RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_LETTERS = 6


def _with_raised(content: Any, text: str) -> str:
    """The text with figures that stand above the line as raised ones, as many characters."""

    def raised(m: re.Match[str]) -> str:
        before = [
            i for i in range(max(0, m.start() - _LETTERS), m.start()) if text[i].isalnum() and text[i] not in "gjpqy"
        ]
        if not before:
            return m[0]
        box = content.get_charbox(m.start())
        foot = max(content.get_charbox(i)[1] for i in before)
        above = box[1] - foot > (box[3] - box[1]) / 4 and box[0] > content.get_charbox(before[-1])[0]
        return m[0].translate(_RAISED) if above else m[0]

    return _MARK.sub(raised, text)


_NEAR = 12
"""Lines above and below a row whose left edge is that of its table."""
_WIDEST = 240
"""No cell begins beyond so many characters."""


def _in_columns(lines: list[Line]) -> list[str]:
    """Lines as text, the cells of rows padded to where they stand, so that columns are in line as in print."""
    out = [line.text for line in lines]
    for k in _ends_of_tables(lines):
        out[k] = f"{TABLE_END}\n{out[k]}"
    for k, line in enumerate(lines):
        if len(line.pieces) < _CELLS_OF_A_ROW and not (CELL_ALONE.match(line.text) and _beside_rows(lines, k)):
            continue
        near = [x.left for x in lines[max(0, k - _NEAR) : k + _NEAR + 1] if line.left - _FAR <= x.left <= line.left]
        text = ""
        for x, piece in line.pieces:
            at = min(_WIDEST, round((x - min(near)) / _CHARACTER))
            text = text.ljust(at) if not text else text.ljust(max(at, len(text) + 3))
            text += piece.strip()
        out[k] = text
    return out


def _ends_of_tables(lines: list[Line]) -> Iterator[int]:
    """Lines of running text with which a table above them is at its end: no row follows right behind them."""
    rows = False
    for k, line in enumerate(lines):
        if rows and line.running:
            after = next((x for x in lines[k:] if not x.running), None)
            if after is None or len(after.pieces) == 1:
                yield k
                rows = False
        rows = rows or (not line.running and len(line.pieces) > 1)


_FAR = 200.0
"""Points beyond which what stands to the left is another column of the page."""
_CELLS_OF_A_ROW = 2
_CHARACTER = 3.0
"""Points a character takes: less than in print, so that words rarely reach into the next column."""


def _beside_rows(lines: list[Line], k: int) -> bool:
    """Whether a line stands above or below a row of cells."""
    return any(len(x.pieces) > 1 for x in lines[max(0, k - 1) : k + 2])


def _plain(text: str) -> str:
    return re.sub(_BROKEN, "-", text).replace("\r\n", "\n")


_BROKEN = "[\ufffe\x02]"
"""What stands for a hyphen at the end of a line."""


def _line(content: Any, text: str, begin: int, end: int) -> Line:
    """One line, wide gaps between its words as three spaces, and its box."""
    first = next((i for i in range(begin, end) if not text[i].isspace()), begin)
    last = next((i for i in range(end - 1, begin - 1, -1) if not text[i].isspace()), begin)
    a, b = content.get_charbox(first), content.get_charbox(last)
    width = max(b[2] - a[0], 0.1) / max(1, last - first + 1)
    bottom, top = min(a[1], b[1]), max(a[3], b[3])
    if text[first].isalnum() or text[last].isalnum():  # where gaps are most of a line, its mean is none of characters
        width = min(width, top - bottom)
    pieces: list[tuple[float, str]] = []
    words: list[tuple[float, int, int]] = []
    done, edge = begin, a[0]
    for i in range(first, last):
        if text[i] == " " and not text[i + 1].isspace() and (i == begin or text[i - 1] != " "):
            x = content.get_charbox(i + 1)[0]
            gap = x - content.get_charbox(i - 1)[2] if i > begin else 0.0
            if gap > _COLUMN_GAP * width:
                pieces.append((edge, _plain(text[done:i])))
                done, edge = i + 1, x
            else:
                words.append((x, len(pieces), i + 1 - done))
    pieces.append((edge, _plain(text[done:end])))
    return Line(tuple(pieces), a[0], b[2], (bottom + top) / 2, max(top - bottom, 1.0), tuple(words))


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
    if len(split) == len(("first", "last")):  # of two pages, what is the same at the very edge
        ends = [(re.sub(r"\d+$", "#", page[k].strip()) for page in split) for k in (0, -1)]
        recurring |= {re.sub(r"\d+", "#", a) for a, b in ends if a == b and len(re.findall("[a-z]", a)) >= _LETTERS}
    kept = []
    for number, lines in enumerate(split):
        inner = range(edge, len(lines) - edge)
        left = [x for i, x in enumerate(lines) if i in inner or re.sub(r"\d+", "#", x.strip()) not in recurring]
        if number and left:
            left[0] = PAGE + left[0]
        kept += left
    return "\n".join(kept)
