"""Which rules a text needs: each is loaded, and its patterns compiled, where the text has one of its words."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from codon12.check.verify.case import Case

__all__ = ["check_reckoned"]

_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("products", ("each", " per ", "/kg", "/m2", "fractions", "cycles", " doses of", "injections of", "capsules", "tablets", "pills", "puffs", "vials", "total", "sample", "attrition", "loss ", "follow-up",
                  "drop", "person-", "patient-", "arms of", "groups of", "years of follow", "losses", "withdrawal",
                  "infusions of", "clusters")),
    ("formulas", ("mass index", "bmi", "variance", "varia", "heterogene", "cochran")),
    ("spreads", ("±", " sd", "(sd", "standard", " se ", " se,", "(se", " sem", "s.d.", "+/-")),
    ("tests_told", ("chi", "χ", "²", "x2", "wald", "freedom", "d.f", " df", " f(", "(f(", " t(", "(t(", "z =", "z=",
                    "cochran", "q =", " f (", " t (")),
    ("allocated", ("random", "allocat", "assigned")),
    ("rates", ("ratio", "risk", "irr", "rr ", "reduction", "% lower", "% fewer", "% higher", "number", "nnt", "nnh",
               "decrease", "increase", "to be treated", "to be screened", "to be vacc", "per 1", "per million", "per thousand", "/1", "% fall", "% drop")),
    ("amounts", ("most of", "major", "minor", "nearly all", "almost all", "virtually", "half", "third", "quarter", "fifth", " in ", "tenth")),
    ("wholes", (" and ", ";", ": ")),
    ("whole_numbers", ("umber of", "averag", "score", "rating", "item")),
    ("entry_limits", ("rang", "est ", "between")),
    ("null_effects", ("significan", "no difference", "not differ", "no effect", "non-sig")),
    ("told_again", ("age", "p =", "p=", "this ", "our ", "these ")),
    ("in_rows", ("median", "mean", "average")),
    ("grid", ("|", "\t", "table ")),
    ("diagnoses", ("predictive", "ppv", "npv", "accuracy", "among th", "part of the", "included in the", "of the ", "of these ", " and was ", " and were ")),
    ("differences", ("95% ci", "95 % ci", "confidence")),
    ("ways", (" than ", " from ", "surviv", "pfs", "patency", "freedom", "cumulative")),
    ("shares_of_all", ("%",)),
)  # fmt: skip
"""Rule -> words of which a text has one where the rule can have something to say."""
_loaded: dict[str, Callable[[Case], None]] = {}


def check_reckoned(case: Case) -> None:
    """Ask each rule whose words the text has; what one has related, the next ones know."""
    for name, words in _RULES:
        if any(map(case.small.__contains__, words)):
            check = _loaded.get(name)
            if check is None:
                check = _loaded[name] = getattr(import_module(f"codon12.check.verify.reckoned.{name}"), f"check_{name}")
            check(case)
