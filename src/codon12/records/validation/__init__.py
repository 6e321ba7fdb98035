"""What is checked in study records: rules as data, each a function over frames."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.findings import no_findings
from codon12.records.validation.across import ACROSS
from codon12.records.validation.death import DEATH_RULES
from codon12.records.validation.dosing import DOSING_RULES
from codon12.records.validation.lesions import LESION_RULES, without_identifier
from codon12.records.validation.order import ORDER_RULES
from codon12.records.validation.repeated import REPEATED_RULES
from codon12.records.validation.rule import Breach, Checked, Rule
from codon12.records.validation.sizes import SIZE_RULES
from codon12.records.validation.subjects import SUBJECT_RULES
from codon12.records.validation.terms import TERM_RULES
from codon12.records.validation.times import TIME_RULES
from codon12.records.validation.within import REQUIRED, WITHIN

__all__ = ["RULES", "Breach", "Rule", "validate", "without_identifier"]

RULES: tuple[Rule, ...] = (
    *WITHIN,
    *REPEATED_RULES,
    *TERM_RULES,
    *SIZE_RULES,
    *LESION_RULES,
    *ACROSS,
    *DEATH_RULES,
    *DOSING_RULES,
    *ORDER_RULES,
    *SUBJECT_RULES,
    *TIME_RULES,
)
"""Every rule that is checked once the tables are read; reading itself has findings of its own."""


def validate(tables: Mapping[str, pl.DataFrame], fmt: str, config: StudyConfig) -> pl.DataFrame:
    """Apply every rule of the study's format; all findings at once, nothing is changed.

    A table that lacks a column without which it says nothing is told by that alone.

    Examples
    --------
    >>> ae = pl.DataFrame({"USUBJID": ["1"], "AETERM": ["NAUSEA"], "AETOXGR": ["6"], "SRCROW": [1]})
    >>> validate({"AE": ae}, "sdtm", StudyConfig())["RULE"].to_list()
    ['grade-unknown']
    """
    whole = {name: t for name, t in tables.items() if set(REQUIRED.get(name, ())) <= set(t.columns)}
    every, told = Checked(whole), Checked(tables)
    found = [
        frame
        for rule in RULES
        if fmt in rule.formats
        for frame in rule.findings(told if rule.id == "column-missing" else every, config)
    ]
    return pl.concat([no_findings(), *found])
