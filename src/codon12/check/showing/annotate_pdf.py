"""Problems as comments in the PDF they were found in: highlights with a note, the pages themselves as they are."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codon12.check.documents.pdf import opened_pdf
from codon12.check.judge import Report
from codon12.check.showing.annotate import comments_of, letters_of, place_of
from codon12.check.verdicts import Verdict
from codon12.errors import InputError, UsageError

__all__ = ["annotate_pdf"]

_COLOURS: dict[Verdict, tuple[int, int, int]] = {
    "error": (255, 120, 110),
    "error-if": (255, 190, 100),
    "unlikely": (255, 230, 110),
}
_AUTHOR = "codon12 check"


def annotate_pdf(source: Path, target: Path, report: Report, *, against: dict[str, Any] | None = None) -> int:
    """Write a copy of a PDF with a highlight and a note at every problem; gives how many were placed.

    A note stands where the page prints the numbers, blanks and line ends aside. Numbers that differ from
    those of a study, by what the comparison `against` it came to, have a note too.

    Raises
    ------
    InputError
        The file is no PDF that can be read, or it does not allow notes.
    UsageError
        Source and target are the same file.
    """
    if target.exists() and target.resolve() == source.resolve():
        raise UsageError(f"--annotate: {target} is the document itself; name another file")
    document = opened_pdf(source, hint="pip install 'codon12[documents]'")
    import pypdfium2

    draft = target.with_name(target.name + ".part")
    try:
        pages = [_letters(document[k]) for k in range(len(document))]
        letters = [(x, page, k) for page, found in enumerate(pages) for x, k in found]
        text = "".join(x for x, _, _ in letters)
        placed = 0
        for finding, words in comments_of(report, against):
            start, end = place_of(finding, report, text)
            if start == end:
                continue
            page = letters[end - 1][1]
            characters = [k for _, on, k in letters[start:end] if on == page]
            placed += _note(document[page], characters, words, _COLOURS.get(finding.verdict, _COLOURS["error"]))
        document.save(draft)
    except pypdfium2.PdfiumError as err:
        draft.unlink(missing_ok=True)
        raise InputError(f"{source}: the PDF does not take notes ({err})") from None
    finally:
        document.close()
    draft.replace(target)
    return placed


def _letters(page: Any) -> list[tuple[str, int]]:
    """The letters of a page without its blanks, and which character each is."""
    import pypdfium2.raw as pdfium

    content = page.get_textpage()
    out = []
    for k in range(content.count_chars()):
        code = pdfium.FPDFText_GetUnicode(content, k)
        if code > ord(" ") and code not in (0xA0, 0xFFFE):
            out += [(x, k) for x in letters_of(chr(code))]
    content.close()
    return out


def _note(page: Any, characters: list[int], words: str, colour: tuple[int, int, int]) -> bool:
    """Highlight some characters of a page and hang a note on them."""
    import pypdfium2.raw as pdfium

    boxes = list(_boxes(page, characters))
    note = pdfium.FPDFPage_CreateAnnot(page, pdfium.FPDF_ANNOT_HIGHLIGHT)
    if not note or not boxes:
        return False
    try:
        for left, bottom, right, top in boxes:
            corners = pdfium.FS_QUADPOINTSF(left, top, right, top, left, bottom, right, bottom)
            pdfium.FPDFAnnot_AppendAttachmentPoints(note, ctypes.byref(corners))
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        around = pdfium.FS_RECTF(min(lefts), max(tops), max(rights), min(bottoms))
        pdfium.FPDFAnnot_SetRect(note, ctypes.byref(around))
        pdfium.FPDFAnnot_SetColor(note, pdfium.FPDFANNOT_COLORTYPE_Color, *colour, 255)
        for key, value in ((b"Contents", words), (b"T", _AUTHOR)):
            wide = (value + "\0").encode("utf-16-le")
            as_words = ctypes.cast(ctypes.create_string_buffer(wide), ctypes.POINTER(pdfium.FPDF_WCHAR))
            pdfium.FPDFAnnot_SetStringValue(note, key, as_words)
    finally:
        pdfium.FPDFPage_CloseAnnot(note)
    return True


def _boxes(page: Any, characters: list[int]) -> Iterator[tuple[float, float, float, float]]:
    """A box (left, bottom, right, top) for each line the characters stand on."""
    content = page.get_textpage()
    line: list[tuple[float, float, float, float]] = []
    for k in characters:
        box = content.get_charbox(k)
        if line and (box[1] > line[-1][3] or box[3] < line[-1][1] or box[0] < line[0][0]):
            yield _around(line)
            line = []
        line.append(box)
    if line:
        yield _around(line)
    content.close()


def _around(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
