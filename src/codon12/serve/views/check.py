"""Check by paste: a text in, its numbers coloured, on request against a study."""

from __future__ import annotations

from typing import Any

from codon12.check import check_text
from codon12.check.comparing.study import against_evidence, counted_as_read
from codon12.check.showing.listing import summary
from codon12.check.showing.page import differing, doubtful, pieces
from codon12.check.verdicts import VERDICTS
from codon12.errors import UsageError
from codon12.serve.holding import Say
from codon12.serve.session import Session
from codon12.serve.settings import Settings
from codon12.serve.views.evidence_parts import refuse_errors

__all__ = ["check_page"]

_MOST = 1_000_000
_COMPARED = "from codon12.check.comparing.study import against_evidence"


def check_page(session: Session, query: Any, say: Say) -> str:
    """The text as pasted, each number with its verdict and what was recomputed; nothing of it is kept."""
    text = str(query.get("text") or "").replace("\r\n", "\n")
    chosen = str(query.get("study") or "")
    if len(text) > _MOST:
        raise UsageError(f"at most {_MOST:,} letters; `codon12 check FILE` reads more")
    values: dict[str, Any] = {
        "report": None,
        "pieces": [],
        "problems": [],
        "relations": [],
        "against": None,
        "differs": {},
        "said": "",
    }
    if text.strip():
        say("Finding numbers")
        report = check_text(text, name="the pasted text")
        values |= {
            "report": report,
            "said": summary(report),
            "problems": sorted(report.problems, key=lambda f: (VERDICTS.index(f.verdict), f.statement.start)),
            "relations": doubtful(report),
        }
        if chosen:
            holding = session.holding(chosen)
            say("The study's numbers")
            evidence = holding.evidence(Settings(), None, say)
            refuse_errors(evidence)
            cutoff = holding.study(say).config.data_cutoff
            values["against"] = against = against_evidence(report, evidence.numbers, cutoff=cutoff)
            values["report"] = counted_as_read(report, against)
        values |= {"pieces": pieces(report, values["against"]), "differs": differing(values["against"])}
    study = f" --study {session.holding(chosen).place}" if chosen else ""
    return session.render(
        "check.html.j2",
        here="check",
        text=text,
        chosen=chosen,
        same={
            "shell": f"codon12 check manuscript.txt{study}",
            "python": _python(str(session.holding(chosen).place) if chosen else ""),
            "toml": "",
        },
        **values,
    )


def _python(study: str) -> str:
    """Lines that check a file, on request against a study."""
    read = "report = check_text(Path('manuscript.txt').read_text(encoding='utf-8'))"
    lines = ["from pathlib import Path", "from codon12.check import check_text", "", read, "report.findings"]
    if study:
        lines[1:2] = ["from codon12 import Study, assemble", lines[1], _COMPARED]
        lines[-1:] = [
            f"study = Study.open({study!r})",
            "against_evidence(report, assemble(study).numbers, cutoff=study.config.data_cutoff)",
        ]
    return "\n".join(lines)
