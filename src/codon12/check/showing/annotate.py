"""Problems as comments in the Word file they were found in: the text itself stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codon12.check.documents.reading import LARGEST
from codon12.check.documents.word import open_docx
from codon12.check.judge import Report
from codon12.check.showing.page import differing, with_compared
from codon12.check.verdicts import PROBLEMS, VERDICTS, Finding
from codon12.errors import InputError, UsageError

__all__ = ["annotate_docx", "comments_of"]


def annotate_docx(
    source: Path, target: Path, report: Report, *, largest: int = LARGEST, against: dict[str, Any] | None = None
) -> int:
    """Write a copy of a Word file with a comment at every problem; gives how many comments were placed.

    `against` is what the comparison with a study came to: numbers that differ from it have a comment too.

    A comment stands at the paragraph or table cell that holds the numbers, over the runs that do. Of the same words
    in several places the first that has no comment yet is taken, in order of the text.

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
    places = list(_paragraphs(document))
    placed, begin = 0, 0
    for finding, words in comments_of(report, against):
        at = _find(places, finding, begin)
        if at is None:
            continue
        begin = at
        runs = _runs(places[at], " ".join(finding.statement.quote.split()))
        if runs:
            document.add_comment(runs, text=words, author="codon12 check", initials="c12")
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


def _paragraphs(container: Any) -> Any:
    """Every paragraph in order of the text, those of tables cell by cell."""
    from docx.table import Table

    for item in container.iter_inner_content():
        if isinstance(item, Table):
            seen = set()
            for row in item.rows:
                for cell in row.cells:
                    if cell._tc not in seen:  # noqa: SLF001  a merged cell is one element
                        seen.add(cell._tc)  # noqa: SLF001
                        yield from _paragraphs(cell)
        else:
            yield item


def _find(places: list[Any], finding: Finding, begin: int) -> int | None:
    """The first paragraph from `begin` on that holds the quote, or the end of it where a label is part of the quote."""
    quote = " ".join(finding.statement.quote.split())
    for words in (quote, quote.rsplit("\t", 1)[-1], _last_cell(finding)):
        for k in (*range(begin, len(places)), *range(begin)):
            if words and words in " ".join(places[k].text.split()):
                return k
    return None


def _last_cell(finding: Finding) -> str:
    return finding.statement.quote.split("\t")[-1].strip()


def _runs(paragraph: Any, quote: str) -> list[Any]:
    """The runs a quote touches, or all of them where its place cannot be told."""
    runs = list(paragraph.runs)
    text = "".join(r.text for r in runs)
    start = text.find(quote)
    if start < 0:
        return runs
    end, at, out = start + len(quote), 0, []
    for r in runs:
        if at < end and start < at + len(r.text):
            out.append(r)
        at += len(r.text)
    return out or runs
