"""Which rules a text needs: each is loaded, and its patterns compiled, where the text has one of its words."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from codon12.check.verify.case import Case

__all__ = ["check_reckoned"]

_RULES: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("products", (b"each", b" per ", b"/kg", b"/m2", b"fractions", b"cycles", b" doses of", b"injections of", b"capsules", b"tablets", b"pills", b"puffs", b"vials", b"total", b"sample", b"attrition", b"loss ", b"follow-up",
                  b"drop", b"person-", b"patient-", b"arms of", b"groups of", b"years of follow", b"losses", b"withdrawal",
                  b"infusions of", b"clusters")),
    ("formulas", (b"mass index", b"bmi", b"variance", b"varia", b"heterogene", b"cochran")),
    ("spreads", (b"\xb1", b"?", b" sd", b"(sd", b"standard", b" se ", b" se,", b"(se", b" sem", b"s.d.", b"+/-")),
    ("tests_told", (b"chi", b"?", b"\xb2", b"x2", b"wald", b"freedom", b"d.f", b" df", b" f(", b"(f(", b" t(", b"(t(", b"z =", b"z=",
                    b"cochran", b"q =", b" f (", b" t (")),
    ("allocated", (b"random", b"allocat", b"assigned")),
    ("rates", (b"ratio", b"risk", b"irr", b"rr ", b"reduction", b"% lower", b"% fewer", b"% higher", b"number", b"nnt", b"nnh",
               b"decrease", b"increase", b"to be treated", b"to be screened", b"to be vacc", b"per 1", b"per million", b"per thousand", b"/1", b"% fall", b"% drop")),
    ("amounts", (b"most of", b"major", b"minor", b"nearly all", b"almost all", b"virtually", b"half", b"third", b"quarter", b"fifth", b" in ", b"tenth")),
    ("wholes", (b" and ", b";", b": ")),
    ("whole_numbers", (b"umber of", b"averag", b"score", b"rating", b"item")),
    ("entry_limits", (b"rang", b"est ", b"between")),
    ("null_effects", (b"significan", b"no difference", b"not differ", b"no effect", b"non-sig")),
    ("told_again", (b"age", b"p =", b"p=", b"this ", b"our ", b"these ")),
    ("in_rows", (b"median", b"mean", b"average")),
    ("grid", (b"|", b"\t", b"table ")),
    ("diagnoses", (b"predictive", b"ppv", b"npv", b"accuracy", b"among th", b"part of the", b"included in the", b"of the ", b"of these ", b" and was ", b" and were ")),
    ("differences", (b"95% ci", b"95 % ci", b"confidence")),
    ("ways", (b" than ", b" from ", b"surviv", b"pfs", b"patency", b"freedom", b"cumulative")),
    ("shares_of_all", (b"%",)),
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
