"""What one document and a folder of them share: reading and judging a text, writing beside the target."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from codon12.errors import InputError

__all__ = ["judged", "write"]


def judged(path: Path, ignore: Path | None, largest: int) -> Any:
    """The report on one document, or on standard input for ``-``, with what an ignore file accepts."""
    from codon12.check import check_text
    from codon12.check.documents.reading import decode, read_document
    from codon12.check.showing.accepted import accept, read_accepted

    if str(path) == "-":
        raw = sys.stdin.buffer.read(largest + 1)
        if len(raw) > largest:
            raise InputError(f"standard input: more than {largest} bytes; raise the limit with --largest")
        report = check_text(decode(raw, "standard input"), name="standard input")
    else:
        report = check_text(read_document(path, largest=largest), name=path.name)
    return accept(report, read_accepted(ignore)) if ignore else report


def write(path: Path, text: str) -> None:
    """Write beside the target first: a failed run leaves the last good page."""
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
