"""The command line and the Python lines that give what a page shows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from codon12.serve.holding import Holding
from codon12.serve.settings import Settings

__all__ = ["TOML_NAME", "findings_by", "looks_by", "number_by", "same_by", "served_by", "subjects_by"]

TOML_NAME = "codon12-changed.toml"


def same_by(
    holding: Holding, settings: Settings, only: Sequence[str] = (), *, last: Sequence[str] = ()
) -> dict[str, str]:
    """Lines for a terminal and for Python; where something departs from the plan, with the configuration to save.

    The Python lines end in the tables of the analyses `only`, or in `last`, else in all numbers.
    """
    study = str(holding.place)
    changed = not settings.in_file.is_plan
    config = TOML_NAME if changed else (str(holding.config) if holding.config else "")
    masked = " --mask-ids" if holding.mask_ids else ""
    shell = f"codon12 report {shlex.quote(study)}" + (f" --config {shlex.quote(config)}" if config else "") + masked
    opened = f"Study.open({study!r}" + (f", config={config!r})" if config else ")")
    imports, made = ["from codon12 import Study, assemble"], [f"assemble({opened})"]
    if settings.criterion:  # no key of codon12.toml, and so no command, says this
        shell, imports = "", ["from codon12 import Study", "from codon12.analyses import evidence_of"]
        imports.append("from codon12.derive import derive, read_by_irecist")
        made = [f"study = {opened}", "evidence_of(study, read_by_irecist(derive(study)))"]
    if holding.mask_ids:
        imports.append("from codon12.report import mask_subjects")
        made[-1] = f"mask_subjects({made[-1]})"
    python = [
        *imports,
        "",
        *made[:-1],
        f"evidence = {made[-1]}",
        *(last or [f"evidence.table({name!r})" for name in only] or ["evidence.numbers"]),
    ]
    return {"shell": shell, "python": "\n".join(python), "toml": TOML_NAME if changed else ""}


def number_by(holding: Holding, settings: Settings, ids: Sequence[str]) -> dict[str, str]:
    """Lines that trace numbers to their subjects and rows."""
    found = same_by(holding, settings, last=[f"evidence.trace({name!r})" for name in ids])
    config = TOML_NAME if found["toml"] else (str(holding.config) if holding.config else "")
    told = (f" --config {shlex.quote(config)}" if config else "") + (" --mask-ids" if holding.mask_ids else "")
    line = f"codon12 trace{told} {shlex.quote(str(holding.place))}"
    told = "" if settings.criterion else "\n".join(f"{line} {shlex.quote(name)}" for name in ids)
    return {**found, "shell": told}


def subjects_by(holding: Holding) -> dict[str, str]:
    """Lines that give the subjects of a study."""
    return same_by(holding, Settings(), last=['evidence.frames["adsl"]'])


def findings_by(holding: Holding, chosen: Mapping[str, str]) -> dict[str, str]:
    """Lines that give the findings of a study; in Python those of the filter alone."""
    tests = [
        f"pl.col({column!r}) == {chosen[key]!r}"
        for key, column in (("severity", "SEVERITY"), ("rule", "RULE"), ("table", "TABLE"))
        if chosen[key]
    ]
    if chosen["text"]:
        told = "pl.col('USUBJID', 'VARIABLE', 'VALUE', 'MESSAGE').cast(pl.String).str.to_lowercase()"
        tests.append(f"pl.any_horizontal({told}.str.contains({chosen['text'].lower()!r}, literal=True))")
    lines = ['found = evidence.frames["findings"]', f"found.filter({', '.join(tests)})" if tests else "found"]
    found = same_by(holding, Settings(), last=lines)
    if tests:
        found["python"] = f"import polars as pl\n{found['python']}"
    if holding.mask_ids:  # the report beside this line holds them under pseudonyms, in findings.csv
        return found
    config = f" --config {shlex.quote(str(holding.config))}" if holding.config else ""
    return {**found, "shell": f"codon12 validate {shlex.quote(str(holding.place))}{config} --out findings.csv"}


def served_by(holdings: Sequence[Holding]) -> dict[str, str]:
    """Lines that serve the studies again, and that open them."""
    places = " ".join(shlex.quote(str(h.place)) for h in holdings)
    config = next((f" --config {shlex.quote(str(h.config))}" for h in holdings if h.config), "")
    masked = " --mask-ids" if any(h.mask_ids for h in holdings) else ""
    opened = [f"Study.open({str(h.place)!r}" + (f", config={str(h.config)!r})" if h.config else ")") for h in holdings]
    python = ["from codon12 import Study", "", *opened]
    return {"shell": f"codon12 serve {places}{config}{masked}", "python": "\n".join(python), "toml": ""}


def looks_by(holdings: Sequence[Holding]) -> dict[str, str]:
    """Lines that read the looks once they are downloaded; a look is taken again by its address."""
    python = 'import polars as pl\n\npl.read_ndjson("codon12-looks.jsonl")'
    return {**served_by(holdings), "python": python}
