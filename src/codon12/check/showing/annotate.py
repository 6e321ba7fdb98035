"""Problems as comments in the Word file they were found in: the text itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

from codon12.check.documents.reading import LARGEST
from codon12.check.documents.word import open_docx
from codon12.check.judge import Report
from codon12.check.showing.page import differing, with_compared
from codon12.check.verdicts import PROBLEMS, VERDICTS, Finding
from codon12.errors import InputError, UsageError

__all__ = ["annotate_docx", "comments_of", "letters_of", "place_of"]


def annotate_docx(
    source: Path, target: Path, report: Report, *, largest: int = LARGEST, against: dict[str, Any] | None = None
) -> int:
    """Write a copy of a Word file with a comment at every problem; gives how many comments were placed.

    `against` is what the comparison with a study came to: numbers that differ from it have a comment too.

    A comment stands over the runs that hold the numbers, of a row of a table over those of the last cell. What text
    boxes and footnotes hold has no comment, as Word allows none there.

    Raises
    ------
    InputError
        The file is no Word file that can be read, or its reader cannot write comments.
    UsageError
        Source and target are the same file.
    """
    if source.suffix.lower() != ".docx":
        raise InputError(f"{source}: comments are written back into .docx and .pdf; use --html for other documents")
    if target.exists() and target.resolve() == source.resolve():
        raise UsageError(f"--annotate: {target} is the document itself; name another file")
    document = open_docx(source, largest=largest, hint="Install the readers with: pip install 'codon12[documents]'.")
    if not hasattr(document, "add_comment"):
        raise InputError("writing comments needs python-docx 1.2 or later: pip install -U python-docx")
    runs = [run for paragraph in document.element.body.iter(f"{_W}p") for run in _runs(paragraph, document)]
    letters = [(x, run) for run in runs for x in letters_of(run.text)]
    text = "".join(x for x, _ in letters)
    placed = 0
    for finding, words in comments_of(report, against):
        start, end = place_of(finding, report, text)
        touched = [run for _, run in letters[start:end]]
        if touched:
            own = [run for run in touched if run._r.getparent() is touched[-1]._r.getparent()]  # noqa: SLF001  one cell
            document.add_comment([own[0], own[-1]], text=words, author="codon12 check", initials="c12")
            placed += 1
    draft = target.with_name(target.name + ".part")
    document.save(str(draft))
    draft.replace(target)
    return placed


def comments_of(report: Report, against: dict[str, Any] | None) -> Iterator[tuple[Finding, str]]:
    """Findings that need a comment, in order of the text, and its words: what is wrong, and what the study gives."""
    differs = differing(against)
    for finding in with_compared(report, against):
        said = [_words(finding)] if finding.verdict in PROBLEMS else []
        said += [f"study: {x}" for x in differs.get(finding.statement.id, ())]
        if said:
            yield finding, "".join(c if c.isprintable() else " " for c in " ".join(said))


def _words(finding: Finding) -> str:
    """The verdict, its sentence, what else was found, and the method."""
    also = [c.sentence for c in finding.checks[1:] if VERDICTS.index(c.verdict) <= VERDICTS.index("cannot confirm")]
    method = f" ({finding.method})" if finding.method else ""
    return f"{finding.verdict}: {' '.join([finding.sentence, *also])}{method}"


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ELSEWHERE = {f"{_W}{x}" for x in ("del", "moveFrom", "txbxContent")}
"""Around words that are not read where they stand: deleted ones, and those of text boxes."""


def _runs(paragraph: Any, document: Any) -> Iterator[Any]:
    """The runs of a paragraph that are read, wherever in it they stand."""
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    for run in paragraph.iter(f"{_W}r"):
        if not any(x.tag in _ELSEWHERE for x in run.iterancestors()):
            yield Run(run, Paragraph(paragraph, document))


def letters_of(words: str) -> str:
    """Words without their blanks, raised figures as plain ones."""
    return "".join(normalize("NFKC", words).split())


def place_of(finding: Finding, report: Report, text: str) -> tuple[int, int]:
    """Where among the letters of a document a finding stands; of the same words, as many before it as in the report.

    Of a row of a table it is the last cell; nothing where the words are not found.
    """
    s = finding.statement
    for words in (s.quote, s.quote.replace("   ", "\t").rsplit("\t", 1)[-1]):
        sought = letters_of(words)
        if not sought:
            continue
        end = len(letters_of(report.text.normal.given[: s.end]))
        before = letters_of(report.text.normal.given)[: end - len(sought)]
        found = [m.start() for m in re.finditer(f"(?={re.escape(sought)})", text)]
        turn = sum(1 for _ in re.finditer(f"(?={re.escape(sought)})", before + sought)) - 1
        if found:
            start = found[min(turn, len(found) - 1)]
            return start, start + len(sought)
    return 0, 0
