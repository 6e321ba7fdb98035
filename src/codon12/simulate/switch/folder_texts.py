"""The codon12.toml and the README of a simulated study."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence

from codon12.errors import Codon12Error
from codon12.response.policy import RecistPolicy
from codon12.simulate.switch.arms import Arm
from codon12.simulate.switch.calendar import EPOCH, visit_schedule
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.samples import ASSAY, genes_read

__all__ = ["NOTICE", "configuration", "readme"]

NOTICE = "Simulated by codon12 from a model of the switch; not patient data; no adverse events are simulated"
_GENES = ("KEAP1", "STK11", "TP53", "SMARCA4")


def configuration(p: ParameterSet, *, arms: Sequence[Arm], ending: str = "csv") -> str:
    """Give the codon12.toml: what the study is, its samples, covariates and subgroups."""
    end = EPOCH + dt.timedelta(days=round(p["accr"] + p["fu_min"]))
    lines = [
        f"title = {json.dumps(p.context.title)}",
        f"subtitle = {json.dumps('A simulated study: records made by computer, whose truth is known')}",
        f"notice = {json.dumps(NOTICE)}",
        f"data_cutoff = {end.isoformat()}",
        'evaluator = "central"',
        f'start = "{"randomisation" if len(arms) > 1 else "treatment"}"',
        'baseline = ["AGE", "SEX", "ECOG", "KEAP1", "STK11", "TP53", "SMARCA4"]',
        "",
    ]
    drugs = ", ".join(f"{json.dumps(name)} = {json.dumps(drug)}" for name, drug in _catalogued(p, arms).items())
    lines += [
        "[tables.PAIRED_SAMPLES]",
        f'file = "samples/samples.{ending}"',
        "[tables.PAIRED_CALLS]",
        f'file = "samples/calls.{ending}"',
        "",
        "[resistance]",
        'studied = "targeted"',
        *([f"drugs = {{ {drugs} }}"] if drugs else []),
        "[resistance.samples]",
        'table = "PAIRED_SAMPLES"',
        'calls = "PAIRED_CALLS"',
        'sample = "SAMPLE"',
        'time = "TIME"',
        'date = "DTC"',
        'specimen = "SPECIMEN"',
        'assay = "ASSAY"',
        'depth = "DEPTH"',
        f"[resistance.samples.assays.{json.dumps(ASSAY)}]",
        f"genes = {json.dumps(genes_read(p))}",
        "",
    ]
    plain = visit_schedule(p.schedule.visits)
    fields = {"every": plain.every, "until": plain.until, "then": plain.then, "days": list(plain.days) or None}
    lines += ["[survival.schedule]", *(f"{k} = {v}" for k, v in fields.items() if v is not None)]
    lines += [f"window = {plain.window}", ""]
    if p["confirm"] != RecistPolicy().confirmation_min_days:
        lines += ["[response]", f"confirmation_min_days = {math.ceil(p['confirm'])}", ""]
    lines += [
        "[covariates.ECOG]",
        'table = "SC"',
        "where = \"SCTESTCD = 'ECOG'\"",
        'value = "SCSTRESC"',
        'labels = ["0", "1"]',
        'label = "ECOG performance status"',
        "",
    ]
    for gene in _GENES:
        lines += [
            f"[covariates.{gene}]",
            'table = "GF"',
            f"where = \"GFSYM = '{gene}'\"",
            'value = "GFSTRESC"',
            'labels = ["MUTATED", "WILD TYPE"]',
            f'label = "{gene}"',
            "",
        ]
    for gene in _GENES:
        lines += ["[[subgroups]]", f'variable = "{gene}"', ""]
    return "\n".join(lines)


def _catalogued(p: ParameterSet, arms: Sequence[Arm]) -> dict[str, str]:
    """Arms on the drug of the set, and its name in the catalogue of resistance mechanisms; none that it lacks."""
    from codon12.resistance.catalogue import shipped_catalogue

    try:
        drug = shipped_catalogue().drug(p.context.drug.lower())
    except Codon12Error:
        return {}
    values = {a.name: p.values() | a.set for a in arms}
    return {name: drug for name, v in values.items() if v["kill_given"] < 0 < v["dose"]}


def readme(p: ParameterSet, *, arms: Sequence[Arm], patients: int, seed: int) -> str:
    """Say what the folder is, what lies where, how it was made, and what it cannot say."""
    listed = "\n".join(
        f"- {a.name}: " + (", ".join(f"{k} = {v:g}" for k, v in a.set.items()) or "the set as it is")
        + (f"; patients from number {a.offset + 1} on" if a.offset else "")
        for a in arms
    )  # fmt: skip
    twins = (
        "Arms are the **same patients on other treatments** (common random numbers) unless an offset is named: "
        "differences between arms have less noise than in a randomised trial, and tests that take the arms for "
        "independent are conservative.\n\n"
        if len(arms) > 1
        else ""
    )
    changes = ", ".join(f"{k} = {v:g}" for k, v in p.changes.items()) or "none"
    return f"""# {p.context.title}

**Simulated.** No line of this folder is about a real person. {patients:,} patients an arm, seed {seed}; the same
seed and parameters give the same bytes, and a patient is the same whatever the number of patients.

{listed}

{twins}- `dm`, `ds`, `ex`, `gf`, `sc`, `ss`, `sv`, `tr`, `tu` (and `pc`, if asked for): the records, in the shape of SDTM;
  `codon12 report` reads them.
- `samples/`: what sequencing would find before treatment and at progression (samples, calls, and the same as a MAF).
- `truth/`: what only the simulation knows (inhibition, clones, true times). Reports never read it.
- `parameters.md`: every value with its unit, source and mark; context of use; assumptions; what was calibrated on what.

Changed from the shipped set: {changes}.

No adverse events are simulated: absence of safety tables is no statement about safety.

**For.** {p.context.use}

**Not for.** {p.context.not_for}

{p.context.calibration}
"""
