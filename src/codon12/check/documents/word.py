"""Text of a Word file: paragraphs and tables in order, cells between tabs; damaged or swollen files refused kindly."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from codon12.check.documents.html import raised
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
    from docx.text.paragraph import Paragraph

    _accept(document.element.body)
    notes = [Paragraph(p, document) for p in _notes(document)]
    parts: list[str] = []
    waiting = [*document.iter_inner_content(), *notes]
    tables = 0
    while waiting:
        item = waiting.pop(0)
        if not isinstance(item, Table):
            parts.append(_words(item) + "\n")
            continue
        tables += 1
        while parts and not parts[-1].strip():
            parts.pop()
        told = bool(parts) and TABLE_END not in parts[-1]
        named = told and re.match(r"\s*Table [A-Z]?\d", parts[-1], re.IGNORECASE) is not None
        head = "" if named else f"Table {tables}.\n"
        parts[-1:] = [parts[-1].rstrip() + "\n"] if named else parts[-1:]
        parts.append(head + "\n".join(_rows(item)) + f"\n{TABLE_END}\n")
        waiting[:0] = [Table(x, item) for x in item._tbl.xpath("./w:tr/w:tc/w:tbl")]  # noqa: SLF001  tables in its cells
    return "\n".join(parts)


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = ("w:del", "w:moveFrom", "mc:Fallback", "w:tr[w:trPr/w:del]")
"""What tracked changes take away, and what is only for programs that cannot draw the text box before it."""
_WRAPPED = ("w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:fldSimple", "w:hyperlink", "w:sdt", "w:sdtContent")
"""What stands around words that are part of the text."""
_SPACES = {
    "w": _W[1:-1],
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
_SYMBOLS = {"B3": "\u2265", "A3": "\u2264", "B1": "\u00b1", "B4": "\u00d7", "A5": "\u221e", "B7": "\u2022", "2D": "-"}


def _accept(root: Any) -> None:
    """The text as it reads with all its changes accepted: what was deleted goes, what was put in stays.

    Words of text boxes stand behind their paragraph, those of formulas and symbols in their line.
    """
    for mark in _found(root, "w:p[w:pPr/w:rPr/w:del]"):  # whose end was deleted: the next one goes on in it
        after = mark.getnext()
        if after is not None and after.tag == mark.tag:
            for k, item in enumerate(x for x in list(mark) if x.tag != f"{_W}pPr"):
                after.insert(k + (after.pPr is not None), item)
            mark.getparent().remove(mark)
    for gone in _found(root, *_GONE):
        gone.getparent().remove(gone)
    for box in _found(root, "w:txbxContent"):
        around = next(x for x in box.iterancestors() if x.tag == f"{_W}p")
        for item in reversed(list(box)):
            around.addnext(item)
    for symbol in _found(root, "w:sym"):
        code = symbol.get(f"{_W}char", "").upper()[-2:]
        symbol.addprevious(_element("w:t", _SYMBOLS.get(code, "\ufffd")))
    for part in _found(root, "m:den", "m:sup"):
        part.insert(0, _element("m:t", "/" if part.tag.endswith("den") else "^"))
    for formula in _found(root, "m:oMath"):
        run = _element("w:r")
        run.append(_element("w:t", "".join(x.text or "" for x in _found(formula, "m:t"))))
        formula.addprevious(run)
    for formula in _found(root, "m:oMathPara"):
        for run in _found(formula, "w:r"):
            formula.addprevious(run)
    for around in _found(root, *_WRAPPED):
        for item in list(around):
            around.addprevious(item)
        around.getparent().remove(around)


def _found(root: Any, *names: str) -> list[Any]:
    from lxml.etree import _Element

    return _Element.xpath(root, "|".join(f".//{x}" for x in names), namespaces=_SPACES)


def _element(name: str, text: str = "") -> Any:
    from docx.oxml.parser import OxmlElement

    space, _, tag = name.partition(":")
    made = OxmlElement(name, nsdecls=_SPACES) if space == "w" else OxmlElement(f"m:{tag}", nsdecls=_SPACES)
    made.text = text
    return made


def _notes(document: Any) -> list[Any]:
    """Paragraphs of footnotes and endnotes, which stand behind the text."""
    from docx.oxml.parser import parse_xml

    out = []
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
            root = parse_xml(relation.target_part.blob)
            _accept(root)
            out += _found(root, "w:p")
    return out


def _words(paragraph: Any, *, letters: bool = True) -> str:
    """The words of a paragraph, raised figures as such, `letters` of footnotes or not."""
    if not paragraph._p.xpath('.//w:vertAlign[@w:val="superscript"]'):  # noqa: SLF001  most have none
        return paragraph.text
    out = ""
    for run in paragraph.runs:
        text = run.text
        if run.font.superscript:
            text = raised(text)
            if out and not letters and re.fullmatch(r"\s*[a-z](?:, ?[a-z])*\s*", text):
                continue
        out += text
    return out


def _rows(table: Any) -> list[str]:
    """Rows of a Word table, cells between tabs; a merged cell speaks once, in its first row and column."""
    out, seen = [], set()
    for row in table.rows:
        words = []
        for cell in row.cells:
            said = "\n".join(_words(p, letters=False) for p in cell.paragraphs)
            words.append("" if cell._tc in seen else " ".join(said.split()))  # noqa: SLF001  the merge is only there
            seen.add(cell._tc)  # noqa: SLF001  the merge is only there
        out.append("\t".join(words))
    return out
