"""Problems a reader has looked at and accepts: a plain file of quotes."""

from __future__ import annotations

from pathlib import Path

import msgspec

from codon12.check.judge import Report
from codon12.errors import InputError

__all__ = ["accept", "read_accepted"]


def read_accepted(path: Path) -> frozenset[str]:
    """Quotes to accept, one a line; ``# why`` after a quote, and lines that are only that, are left out.

    Raises
    ------
    InputError
        The file cannot be read as text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path}: cannot be read: {err}") from None
    quotes = (line.partition(" #")[0].strip() for line in lines if not line.lstrip().startswith("#"))
    return frozenset(" ".join(q.split()) for q in quotes if q)


def accept(report: Report, quotes: frozenset[str]) -> Report:
    """The report with findings whose quote is accepted marked so; white space does not count."""
    findings = tuple(
        msgspec.structs.replace(f, accepted=True) if " ".join(f.statement.quote.split()) in quotes else f
        for f in report.findings
    )
    return msgspec.structs.replace(report, findings=findings)
