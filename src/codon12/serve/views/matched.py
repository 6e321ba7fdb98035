"""What match answers, as the values that a page prints."""

from __future__ import annotations

from typing import Any

from codon12.match import MatchAnswer

__all__ = ["answer_values"]

_TITLES = {
    "contraindicated": "Contraindicated",
    "supported": "Supported by a text",
    "undetermined": "Undetermined",
    "not supported": "Not supported: a text is in force and its conditions are not met",
    "no statement": "No statement: these texts say nothing about it, which is no permission",
}


def answer_values(found: MatchAnswer) -> dict[str, Any]:
    """Verdicts by group, contraindications first; what is needed; the texts behind; trials; findings."""
    groups = []
    for verdict, title in _TITLES.items():
        own = [v for v in found.verdicts if v.verdict == verdict]
        if own:
            groups.append({"title": title, "verdicts": own})
    cited = {i for v in found.verdicts for i in (*v.contraindicated_by, *v.supported_by)}
    texts = [
        {"id": a.statement.id, "version": a.statement.version, "state": a.statement.review.state,
         "sentence": a.statement.sentence, "note": a.note}
        for a in found.statements if a.statement.id in cited
    ]  # fmt: skip
    return {
        "groups": groups,
        "texts": texts,
        "tests": found.orders.tests,
        "record": found.orders.record,
        "judgements": found.orders.judgements,
        "trials": found.trials,
        "notes": found.notes,
        "findings": found.findings,
    }
