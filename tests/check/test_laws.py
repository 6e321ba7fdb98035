"""What may change in a text and no verdict with it: spelling of spaces and dashes, line ends, a word more, the format."""

import html
import json
import re
import textwrap
from pathlib import Path

import docx
import pytest

from codon12.check import check_text
from codon12.check.documents.reading import read_document

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
JOURNALS = [
    json.loads(line)["text"]
    for line in Path(__file__).with_name("journal_texts.jsonl").read_text(encoding="utf-8").splitlines()
]
PROSE = [t for t in JOURNALS if "|" not in t and "\t" not in t and re.search(r"\S {3,}\S", t) is None]


def paragraphs(text):
    return [" ".join(p.split()) for p in re.split(r"\n\s*\n", text) if p.strip()]


def once(pattern, new):
    return lambda text: re.sub(pattern, new, text, count=1)


def every(pattern, new):
    return lambda text: re.sub(pattern, new, text)


def wrapped(text):
    lines = {"width": 72, "break_long_words": False, "break_on_hyphens": False}
    return "\n\n".join(textwrap.fill(p, **lines) for p in paragraphs(text))


LAWS = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "wrapped lines": wrapped,
    "blank lines": lambda text: text.replace("\n\n", "\n\n\n\n") + "\n\n",
    "no-break space": every(r"(?<=\d) (?=[a-z%])", "\u00a0"),
    "thin space": every(r"(?<=\d) (?=[a-z%(])", "\u2009"),
    "two spaces": every(r"(?<=[a-z,]) (?=[a-z(])", "  "),
    "two spaces behind a sentence": every(r"(?<=[a-z)]\.) (?=[A-Z])", "  "),
    "en dash": every(r"(?<=\d)-(?=\d)", "–"),
    "hyphen": every(r"(?<=\d)–(?=\d)", "-"),
    "a sentence in front": lambda text: "The authors thank the patients and their families.\n\n" + text,
    "a sentence behind": lambda text: text.rstrip() + " These findings deserve further study.",
    "a sentence within": once(r"(?<=[a-z)]\.) (?=[A-Z][a-z]+ [a-z])", " This was as the protocol foresaw. "),
    "a page header": once(r"\n\n", "\n\nJournal of Clinical Matters\n\n"),
    "a citation": once(r"(?<=[a-z]{3})\. (?=[A-Z])", " [14]. "),
    "a citation at the end": every(r"(?<=[a-z]{3})\.\s*$", " [3,4]."),
}


def verdicts(text):
    return [(f.statement.kind, f.verdict) for f in check_text(text).findings]


def written(path, text):
    """A document with the paragraphs of a text, read again."""
    match path.suffix:
        case ".html":
            path.write_text("".join(f"<p>{html.escape(p)}</p>" for p in paragraphs(text)), encoding="utf-8")
        case ".docx":
            document = docx.Document()
            for p in paragraphs(text):
                document.add_paragraph(p)
            document.save(str(path))
        case ".pdf":
            lines = [line for p in paragraphs(text) for line in (*textwrap.wrap(p, 88, break_on_hyphens=False), "")]
            pages = [
                [(40, 780 - 14 * k, x) for k, x in enumerate(lines[i : i + 50]) if x] for i in range(0, len(lines), 50)
            ]
            path.write_bytes(pdf_of(pages))
        case _:
            path.write_text(text, encoding="utf-8")
    return read_document(path)


def pdf_of(pages):
    """A PDF with each text of a page at its place (x, y, text)."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for texts in pages:
        drawn = " ".join(
            f"1 0 0 1 {x} {y} Tm ({re.sub(r'([()])', chr(92) * 2 + chr(92) + '1', t)}) Tj" for x, y, t in texts
        )
        stream = f"BT /F1 10 Tf {drawn} ET".encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        objects.append((page % len(objects)).encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


def in_pdf(text):
    """Whether the plain fonts of a PDF have every character of a text."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("law", LAWS)
def test_no_verdict_changes(law):
    changed = 0
    for text in (PROSE if law == "wrapped lines" else JOURNALS)[::9]:
        other = LAWS[law](text)
        changed += other != text
        assert verdicts(other) == verdicts(text), text
    assert changed or law in ("CRLF", "a page header")


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_no_verdict_changes_in_any_journal_text(law):
    for text in PROSE if law == "wrapped lines" else JOURNALS:
        assert verdicts(LAWS[law](text)) == verdicts(text), text


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".docx", ".pdf"])
def test_no_format_changes_a_verdict(suffix, tmp_path):
    text = "\n\n".join(t for t in PROSE[::7] if in_pdf(t))
    assert verdicts(written(tmp_path / f"a{suffix}", text)) == verdicts(text)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".docx", ".pdf"])
def test_no_format_changes_a_verdict_of_any_journal_text(suffix, tmp_path):
    for text in PROSE:
        if suffix != ".pdf" or in_pdf(text):
            assert verdicts(written(tmp_path / f"a{suffix}", text)) == verdicts(text), text


@pytest.mark.slow
@pytest.mark.parametrize("law", sorted(set(LAWS) - {"wrapped lines", "two spaces", "a sentence behind"}))
def test_no_verdict_changes_in_a_paper(law):
    """Wrapping and spaces are left out: they take the head lines and tables of these texts apart."""
    if not (SHARED / "papers").is_dir():
        pytest.skip("papers (../shared/papers) are not here")
    for path in sorted((SHARED / "papers").rglob("*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        assert verdicts(LAWS[law](text)) == verdicts(text), path.name
