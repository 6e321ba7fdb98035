"""Text of a Word file: paragraphs and tables in order, cells between tabs; damaged or swollen files refused kindly."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from codon12.check.documents.passages import TABLE_END
from codon12.errors import InputError

__all__ = ["docx_text", "open_docx"]

_PIECE = 1 << 20
_DAMAGED = (KeyError, ValueError, AttributeError, TypeError, IndexError, LookupError, OSError, EOFError, SyntaxError,
            NotImplementedError, RecursionError, RuntimeError, AssertionError, zipfile.BadZipFile, zlib.error,
            struct.error)  # fmt: skip
"""What readers of packages and XML raise on files that are damaged (XML errors are syntax errors)."""


def open_docx(path: Path, *, largest: int, hint: str) -> Any:
    """A Word document, its size checked while it is inflated.

    Raises
    ------
    InputError
        The reader is not installed, the file is damaged, or it inflates to more than `largest` bytes.
    """
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError:
        raise InputError(f"{path}: reading Word files needs python-docx. {hint}") from None
    try:
        _inflate(path, largest)
        return docx.Document(str(path))
    except InputError:
        raise
    except (*_DAMAGED, OpcError) as err:
        raise InputError(f"{path}: not a readable Word file ({type(err).__name__}: {err})") from None


def _inflate(path: Path, largest: int) -> None:
    """Read every member once, counting: what a package says of its sizes need not be true."""
    read = 0
    with zipfile.ZipFile(path) as package:
        for member in package.infolist():
            with package.open(member) as file:
                while piece := file.read(_PIECE):
                    read += len(piece)
                    if read > largest:
                        raise InputError(
                            f"{path}: inflates to more than {largest} bytes; if it is what it should be, raise the "
                            "limit with --largest"
                        )


def docx_text(path: Path, *, largest: int, hint: str) -> str:
    """Text of a Word file in reading order; a row of a table is a line with tabs between its cells.

    Raises
    ------
    InputError
        As `open_docx`.
    """
    from docx.opc.exceptions import OpcError

    document = open_docx(path, largest=largest, hint=hint)
    try:
        return _text(document)
    except (*_DAMAGED, OpcError) as err:
        raise InputError(f"{path}: a damaged Word file ({type(err).__name__}: {err})") from None


def _text(document: Any) -> str:
    from docx.table import Table

    parts: list[str] = []
    tables = 0
    for item in document.iter_inner_content():
        if not isinstance(item, Table):
            parts.append(item.text + "\n")
            continue
        tables += 1
        while parts and not parts[-1].strip():
            parts.pop()
        named = bool(parts) and re.match(r"\s*Table [A-Z]?\d", parts[-1], re.IGNORECASE) is not None
        head = "" if named else f"Table {tables}.\n"
        parts[-1:] = [parts[-1].rstrip() + "\n"] if named else parts[-1:]
        parts.append(head + "\n".join(_rows(item)) + f"\n{TABLE_END}\n")
    return "\n".join(parts)


def _rows(table: Any) -> list[str]:
    """Rows of a Word table, cells between tabs; a merged cell speaks once, in its first row and column."""
    out, seen = [], set()
    for row in table.rows:
        words = []
        for cell in row.cells:
            words.append("" if cell._tc in seen else " ".join(_words(cell).split()))  # noqa: SLF001  the merge is only there
            seen.add(cell._tc)  # noqa: SLF001  the merge is only there
        out.append("\t".join(words))
    return out


def _words(cell: Any) -> str:
    """The words of a cell without the letters of footnotes that are raised behind them."""
    if not cell._tc.xpath('.//w:vertAlign[@w:val="superscript"]'):  # noqa: SLF001  a cell has no runs of its own
        return cell.text
    return "\n".join(
        "".join(
            run.text
            for k, run in enumerate(paragraph.runs)
            if not (k and run.font.superscript and re.fullmatch(r"\s*[a-z](?:, ?[a-z])*\s*", run.text))
        )
        for paragraph in cell.paragraphs
    )
