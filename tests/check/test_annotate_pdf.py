"""Notes in a PDF: one a problem, where its numbers are printed; the pages keep their text."""

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from click.testing import CliRunner

from codon12.check import check_text
from codon12.check.documents.reading import read_document
from codon12.check.showing.annotate_pdf import annotate_pdf
from codon12.cli.check import check
from codon12.errors import InputError, UsageError

LINES = ["A response was seen in 12 of 40 patients", "(35%); 10 of 40 (25%) progressed.", "Later 7 of 40 (19.5%) died."]


def pdf(path, *pages):
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for lines in pages:
        shown = " T* ".join(f"({line.translate({40: chr(92) + '(', 41: chr(92) + ')'})}) Tj" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 40 780 Td {shown} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
    kids = " ".join(f"{5 + 2 * k} 0 R" for k in range(len(pages)))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{p:010} 00000 n \n" for p in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    path.write_bytes(f"{out}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    return path


def notes(path):
    """Page, text and box of every note of a PDF."""
    out = []
    with pypdfium2.PdfDocument(path) as document:
        for number in range(len(document)):
            page = document[number]
            for k in range(pdfium.FPDFPage_GetAnnotCount(page)):
                note = pdfium.FPDFPage_GetAnnot(page, k)
                size = pdfium.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
                buffer = ctypes.create_string_buffer(size)
                pdfium.FPDFAnnot_GetStringValue(
                    note, b"Contents", ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size
                )
                box = pdfium.FS_RECTF()
                pdfium.FPDFAnnot_GetRect(note, ctypes.byref(box))
                out.append(
                    (number, buffer.raw.decode("utf-16-le").rstrip("\0"), (box.left, box.bottom, box.right, box.top))
                )
                pdfium.FPDFPage_CloseAnnot(note)
    return out


def test_a_note_stands_at_every_problem(tmp_path):
    source = pdf(tmp_path / "a.pdf", LINES[:2], [LINES[2]])
    report = check_text(read_document(source))
    target = tmp_path / "b.pdf"
    assert annotate_pdf(source, target, report) == len(report.problems) == 2
    first, second = notes(target)
    assert first[0] == 0
    assert second[0] == 1
    assert first[1].startswith("error: ")
    assert "7 of 40 is 17.5 %" in second[1]
    assert 40 < second[2][0] < second[2][2] < 200
    assert 775 < second[2][1] < second[2][3] < 795
    assert first[2][3] - first[2][1] > 14  # over the line end
    assert read_document(target) == read_document(source)
    assert not list(tmp_path.glob("*.part"))


def test_the_verb_writes_notes(tmp_path):
    source = pdf(tmp_path / "a.pdf", LINES)
    result = CliRunner().invoke(
        check, [str(source), "--annotate", str(tmp_path / "b.pdf")], catch_exceptions=False, standalone_mode=False
    )
    assert result.return_value == 1
    assert "2 comments" in result.stderr
    assert len(notes(tmp_path / "b.pdf")) == 2


def test_the_same_words_twice_are_noted_twice(tmp_path):
    source = pdf(tmp_path / "a.pdf", ["Of 40 patients, 7 (19.5%) died.", "Of 40 men, 7 (19.5%) fell."])
    report = check_text(read_document(source))
    annotate_pdf(source, tmp_path / "b.pdf", report)
    found = notes(tmp_path / "b.pdf")
    assert len(found) == len(report.problems) == 2
    assert len({box[1] for _, _, box in found}) == 2


def test_what_cannot_be_annotated_is_said(tmp_path):
    source = pdf(tmp_path / "a.pdf", LINES)
    report = check_text(read_document(source))
    with pytest.raises(UsageError, match="the document itself"):
        annotate_pdf(source, source, report)
    (tmp_path / "c.pdf").write_bytes(b"no pdf")
    with pytest.raises(InputError, match="not a readable PDF"):
        annotate_pdf(tmp_path / "c.pdf", tmp_path / "d.pdf", report)
    assert not (tmp_path / "d.pdf").exists()
