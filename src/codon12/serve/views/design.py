"""The design playground: stopping by predictive probability, its table of decisions, what it does at every rate."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from codon12.design import interim_looks
from codon12.design.protocol.drawn import boundary_figure, curves_figure
from codon12.design.protocol.record import answer
from codon12.drawing import draw
from codon12.serve.holding import Say
from codon12.serve.session import Session
from codon12.serve.views.fields import Field, read_fields

__all__ = ["design_page"]

_FIELDS = (
    Field("n", "Patients", 40, 5, 200, 1),
    Field("start", "First look after", 10, 1, 199, 1, "patients"),
    Field("every", "then every", 10, 1, 200, 1, "patients"),
    Field("p0", "Rate to be exceeded", 0.2, 0.01, 0.95, 0.01),
    Field("threshold", "Success: Pr(rate above it) at least", 0.9, 0.5, 0.999, 0.005),
    Field("futility", "Stop where success is less likely than", 0.05, 0.0, 0.5, 0.01),
    Field("p1", "Rate hoped for", 0.4, 0.02, 0.99, 0.01),
)
_MOST_LOOKS = 12
"""Looks whose decisions the page prints; `codon12 design predictive --table` prints all."""


def design_page(session: Session, query: Any, say: Say) -> str:
    """Boundaries, decisions and operating characteristics of a single-arm design."""
    say("Judging the design")
    fields = read_fields(_FIELDS, query)
    v = {f.name: f.value for f in fields}
    n, start, every = int(v["n"]), int(v["start"]), int(v["every"])
    looks = interim_looks(n, start=start, every=every) if start < n else ()
    rule = {"type": "posterior", "rate": v["p0"], "threshold": v["threshold"]}
    arguments = {
        "n": n,
        "looks": looks,
        "success": rule,
        "futility": v["futility"] or None,
        "efficacy": None,
        "prior": "beta(1,1)",
    }
    rates = (v["p0"], v["p1"])
    record = answer("predictive", arguments, rates=rates)
    found: Any = record.answer
    figures = [
        ("Boundaries", Markup(draw(boundary_figure(record)))),  # noqa: S704 - drawn by us
        ("What it does at every true rate", Markup(draw(curves_figure(record)))),  # noqa: S704 - drawn by us
    ]
    shell = (
        f"codon12 design predictive -n {n} --looks {','.join(map(str, looks))} --p0 {v['p0']:g} "
        f"--posterior {v['threshold']:g} --futility {v['futility']:g} --rates {v['p0']:g},{v['p1']:g} --table"
    )
    python = f'from codon12.design import answer\n\nanswer("predictive", {arguments!r}, rates={rates!r}).sentence'
    return session.render(
        "design.html.j2",
        here="design",
        fields=fields,
        sentence=record.sentence,
        seen=_columns(found.operating_characteristics(rates).columns()),
        boundaries=_columns(found.columns()),
        decisions=_decisions(found.decisions()),
        figures=figures,
        same={"shell": shell, "python": python, "toml": ""},
    )


def _columns(columns: Any) -> dict[str, Any]:
    return {
        "heads": [c.replace("_", " ") for c in columns],
        "lines": list(zip(*map(list, columns.values()), strict=True)),
    }


def _decisions(columns: Any) -> list[dict[str, Any]]:
    """The table of decisions, a row a look: decision and predictive probability by number of responses."""
    looks: dict[int, list[dict[str, Any]]] = {}
    for n, x, p, said in zip(
        columns["n"], columns["responses"], columns["predictive"], columns["decision"], strict=True
    ):
        looks.setdefault(n, []).append({"x": x, "p": p, "said": said})
    return [{"n": n, "cells": cells} for n, cells in list(looks.items())[:_MOST_LOOKS]]
