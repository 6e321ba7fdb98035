"""The report of a study, live; what stands behind a number; its files."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from codon12.errors import DataError, UsageError
from codon12.evidence.provenance import trace
from codon12.report.pages import page_values
from codon12.serve.holding import Holding, Say
from codon12.serve.same_by import number_by, same_by
from codon12.serve.session import Session
from codon12.serve.settings import Settings, settings_of
from codon12.serve.views.evidence_parts import refuse_errors, report_values
from codon12.tables import cell_text

__all__ = ["number_page", "study_page"]

_MOST_SUBJECTS = 2000
_MOST_ROWS = 500


def study_page(session: Session, holding: Holding, query: Any, say: Say) -> str:
    """All sections of the report, by the plan or by the settings of the address."""
    settings = msgspec.structs.replace(settings_of(query), other=())
    stopped = ""
    try:
        values = report_values(holding, settings, None, say)
    except DataError as err:
        stopped = str(err)
        values = _stopped(holding, settings, say)
    return session.render(
        "study.html.j2",
        **values,
        holding=holding,
        settings=settings,
        here="report",
        query=settings.query,
        stopped=stopped,
        same=same_by(holding, settings),
    )


def _stopped(holding: Holding, settings: Settings, say: Say) -> dict[str, Any]:
    """The page of a study whose data hold errors: findings and accounting, no number."""
    evidence = holding.evidence(settings, None, say)
    values = page_values(evidence, [], record={})
    return {**values, "cards": [], "sections": []}


def number_page(session: Session, holding: Holding, query: Any, say: Say) -> str:
    """What stands behind numbers: their subjects, and the source rows with file and row."""
    settings = settings_of(query)
    show = tuple(query.getlist("show")) or None
    ids = str(query.get("id") or "").split()[:12]
    if not ids:
        raise UsageError("id: name a number of the evidence")
    evidence = holding.evidence(settings, show, say)
    refuse_errors(evidence)
    rounding: Any = evidence.policies["rounding"]
    found = []
    for name in ids:
        behind = trace(evidence.numbers, evidence.frames, evidence.frames["sources"], name)
        number = evidence.numbers.filter(id=name).row(0, named=True)
        told = behind.records if number["frame"] == "adsl" else None  # of events their own rows, as in the report
        rows = behind.rows if told is None else told
        known = _rows(rows)
        label = [number["section"], number["label"], None if number["level"] == "all" else number["level"]]
        inside = [number["population"], number["evaluator"], None if number["arm"] == "all" else number["arm"]]
        found.append(
            {
                **{k: number[k] for k in ("id", "n", "N", "method", "frame", "where", "having")},
                "label": ", ".join(x for x in label if x),
                "text": cell_text(number, rounding),
                "sentence": evidence.sentence(name),
                "inside": ", ".join(x for x in inside if x),
                "subjects": behind.subjects[:_MOST_SUBJECTS],
                "count": len(behind.subjects),
                "rows": known.head(_MOST_ROWS).rows(),
                "row_count": known.height,
            }
        )
    return session.render(
        "number.html.j2",
        found=found,
        holding=holding,
        settings=settings,
        query=settings.query,
        here="number",
        same=number_by(holding, msgspec.structs.replace(settings, other=()), ids),
    )


def _rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Subject, file and row of the records behind a number."""
    if "SRCROW" not in rows.columns:
        return pl.DataFrame(schema={"USUBJID": pl.String, "FILE": pl.String, "SRCROW": pl.Int64})
    file = pl.coalesce(*(pl.col(c).cast(pl.String) for c in ("FILE", "SRCDOM") if c in rows.columns))
    return rows.filter(pl.col("SRCROW").is_not_null()).select("USUBJID", file.alias("FILE"), "SRCROW")
