"""Speed of Check: one paper from a cold start, a folder of abstracts in two processes, long and hostile texts.

Run: ``python benchmarks/check.py`` (the texts are read from the folder ``shared`` beside the checkout), or with the
names of the parts wanted: ``cold``, ``abstracts``, ``line``, ``pdf``, ``hostile``. ``ABSTRACTS`` sets how many.

The abstracts are those of the folder in turn, three in ten of their numbers with another last digit, so that none is
like another and much has to be searched that would agree at once.
"""

import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from codon12.parallel import cores

PAPERS = Path(__file__).resolve().parents[1] / ".." / "shared" / "papers"
COMMAND = [sys.executable, "-c", "from codon12.cli import main; main()", "check"]
COUNT = int(os.environ.get("ABSTRACTS", "10000"))

HOSTILE = {
    "digits": "1",
    "digits and spaces": "1 ",
    "commas": ",000",
    "brackets": "(",
    "dashes": "1-",
    "dots": ".",
    "lines": "\n",
    "no mail": "a.b+",
    "n of N": "1 of 2 ",
    "n (%)": "12 (30%) ",
    "percentages": "12% ",
    "ratios without end": "hazard ratio ",
    "P without end": "p value was ",
    "HR CI P": "HR 0.71 (0.57 to 0.88), P = 0.01; ",
    "percent CI": "a response in 42% (95% CI, 30 to 55). ",
    "rows": "Rash 12 (30.0)\n",
    "decimal commas": "1,2 ",
    "grades": "grade 1 or ",
}


def timed(*arguments):
    start = time.perf_counter()
    before = os.times()
    done = subprocess.run([*COMMAND, *map(str, arguments)], stdout=subprocess.DEVNULL, check=False)
    if done.returncode > 1:  # 1: problems in the texts
        raise SystemExit(f"{' '.join(map(str, arguments))}: exit code {done.returncode}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu


def abstracts():
    return [p.read_text(encoding="utf-8") for p in sorted((PAPERS / "more").glob("PMC*.txt"))]


def altered(text, rng):
    """The text with another last digit in three of ten numbers."""
    return re.sub(r"\d+", lambda m: m[0][:-1] + rng.choice("0123456789") if rng.random() < 0.3 else m[0], text)


def cold():
    wall, cpu = min(timed(PAPERS / "sotorasib-phase2-paper.txt") for _ in range(5))
    bare = min(bare_start() for _ in range(5))
    print(
        f"phase 2 paper, cold: {wall:.2f} s wall, {cpu:.2f} s CPU, {cpu / bare:.1f} times that of Python with "
        f"scipy.special alone (best of 5)"
    )


def bare_start():
    """CPU seconds of a Python that loads what the judging rests on, and does nothing."""
    before = os.times()
    subprocess.run([sys.executable, "-c", "from scipy import special"], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def folder_of_abstracts():
    texts, rng = abstracts(), random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        for i in range(COUNT):
            (Path(folder) / f"{i:06}.txt").write_text(altered(texts[i % len(texts)], rng), encoding="utf-8")
        wall, cpu = timed(folder, "--json", "--workers", 2)
    each = 1000 * cpu / COUNT
    print(
        f"{COUNT} abstracts, two processes on {cores()} cores: {wall:.1f} s wall, {60 * COUNT / wall:.0f} a minute; "
        f"{each:.1f} ms CPU each, so {60_000 / each:.0f} a minute and core that nothing else uses"
    )


def one_line():
    text = " ".join(abstracts()).replace("\n", " ")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.txt"
        for size in (2_500_000, 5_000_000, 10_000_000):
            path.write_text((text * (size // len(text) + 1))[:size], encoding="utf-8")
            wall, cpu = timed(path, "--json")
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(f"one line of {size / 1e6:g} MB: {wall:.1f} s wall, {cpu:.1f} s CPU, {most} MB at most")


def pdf_of(text, pages):
    """A plain PDF whose every page prints the text, 90 characters a line."""
    lines = [text[i : i + 90].encode("ascii", "ignore") for i in range(0, len(text), 90)][:55]
    shown = b"\n".join(b"(" + re.sub(rb"([\\()])", rb"\\\1", x) + b") Tj T*" for x in lines)
    stream = b"BT /F1 9 Tf 12 TL 40 780 Td\n" + shown + b"\nET"
    kids = b" ".join(b"%d 0 R" % (4 + k) for k in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    font = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources %s >>" % font
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects + [page] * pages, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(out)


def long_pdf():
    text = " ".join(" ".join(abstracts()).split())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        for pages in (250, 500, 1000):
            path.write_bytes(pdf_of(text, pages))
            wall, cpu = timed(path, "--json")
            print(f"PDF of {pages} pages: {wall:.1f} s wall, {cpu:.1f} s CPU")


def hostile():
    from codon12.check import check_text

    print("hostile texts, CPU seconds at 50, 100 and 200 thousand characters")
    for name, piece in HOSTILE.items():
        spent = []
        for size in (50_000, 100_000, 200_000):
            text = piece * (size // len(piece))
            begin = time.process_time()
            check_text(text)
            spent.append(time.process_time() - begin)
        print(f"  {name:20} " + "  ".join(f"{s:6.2f}" for s in spent))


PARTS = {"cold": cold, "abstracts": folder_of_abstracts, "line": one_line, "pdf": long_pdf, "hostile": hostile}


if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
