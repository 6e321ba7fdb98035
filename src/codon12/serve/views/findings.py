"""Findings of a study with a filter: every row, not one example a rule."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.serve.holding import Holding, Say
from codon12.serve.same_by import findings_by
from codon12.serve.session import Session
from codon12.serve.settings import Settings

__all__ = ["findings_page"]

_A_PAGE = 200


def findings_page(session: Session, holding: Holding, query: Any, say: Say) -> str:
    """Findings by severity, rule, table and text; 200 rows a page."""
    frame = holding.evidence(Settings(), None, say).frames["findings"]
    chosen = {k: str(query.get(k) or "")[:200] for k in ("severity", "rule", "table", "text")}
    found = frame
    for key, column in (("severity", "SEVERITY"), ("rule", "RULE"), ("table", "TABLE")):
        if chosen[key]:
            found = found.filter(pl.col(column) == chosen[key])
    if chosen["text"]:
        wanted = chosen["text"].lower()
        texts = [pl.col(c).cast(pl.String).str.to_lowercase().str.contains(wanted, literal=True).fill_null(value=False)
                 for c in ("USUBJID", "VARIABLE", "VALUE", "MESSAGE")]  # fmt: skip
        found = found.filter(pl.any_horizontal(texts))
    page = str(query.get("page") or "1")
    at = min(int(page) if page.isdecimal() and len(page) < 7 else 1, max(1, -(-found.height // _A_PAGE)))
    files = dict(holding.study(say).sources.select("TABLE", "FILE").unique("TABLE", keep="first").iter_rows())
    rows = found.slice((at - 1) * _A_PAGE, _A_PAGE).to_dicts()
    levels = {
        key: frame[column].drop_nulls().unique().sort().to_list()
        for key, column in (("severity", "SEVERITY"), ("rule", "RULE"), ("table", "TABLE"))
    }
    return session.render(
        "findings.html.j2",
        holding=holding,
        here="findings",
        rows=[{**r, "FILE": files.get(r["TABLE"]) or ""} for r in rows],
        chosen=chosen,
        levels=levels,
        count=found.height,
        total=frame.height,
        at=at,
        same=findings_by(holding, chosen),
        pages=max(1, -(-found.height // _A_PAGE)),
    )
