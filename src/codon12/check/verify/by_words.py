"""Which rules a text needs: each is loaded, and its patterns compiled, where the text has one of its words."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from codon12.check.verify.case import Case

__all__ = ["check_reckoned"]

_RULES: dict[str, str] = {
    "products": "$|€|£|each| per |drop|person-|patient-|arms of|clusters|years of|loss|withdrawal|total|sample|"
    "attrition",
    "doses": " daily| a day| per day|/day| sum|(sum|total|cumulative|total dose|in total|a total of|/kg|/m2|per kg|"
    "per m2|per kilo|per square|fractions|cycles"
    "|ses of |ions of |lets of |ules of "
    "|lls of |als of |ffs of |hes of |hets of ",
    "formulas": "mass index|bmi|varia|heterogene|cochran",
    "spreads": "±| sd|(sd|standard| se | se,|(se| sem|s.d.|+/-",
    "inference.tests_told": "chi|χ|²|x2|wald|freedom|d.f| df| f(|(f(| t(|(t(|z =|z=|cochran|q =| f (| t (|correlat"
    "|pearson|spearman|rho|r =|ρ|r=|rs =| f1| f2| f3| f4| f5| t1| t2| t3| t4| t5|(f|(t|(sd|±|standard deviation",
    "allocated": "random|allocat|assigned",
    "measures.two_rates": "ratio|relative r|rr|irr|or =|(or|or,|hr |(hr|hr,|hr=|efficacy"
    "|effectiveness|reduction|lower|fewer|higher|decrease|increase|% fall"
    "|% drop|needed|nnt|nnh|to be treated|to be screened|to be vacc",
    "measures.two_values": "ratio|smr|sir|standardi|o/e|baseline",
    "measures.per_many": "per 1|per million|per thousand|/1",
    "amounts": "(n =|(n=|[n =|[n=|most of|major|minor|nearly all|almost all|virtually"
    "|half|third|quarter|fifth|one in |two in |three in |four in |one out|tenth",
    "entry_limits": "eligib|inclusion|criteri|had to |require|qualif|must |could |for entry|invited|included"
    "|enrolled|comprised|consisted"
    "|recruited|studied|analy|identified|trial of|study of|open to|restricted|limited to|offered to"
    "|registered|allowed|permitted|exclu"
    "|needed|to enter|we treated|we report|we describe|randomi|assigned",
    "inference.claims_and_limits": "significan|no difference|not differ|no effect|non-sig| ns|n.s.",
    "repeats.told_again": ".",
    "repeats.in_rows": "median|mean|average",
    "grid": "table |\t",
    "measures.diagnoses": "predictive|ppv|npv|accuracy|among th|part of the|included in|of the |of these "
    "| and was | and were ",
    "inference.estimates": "ci|confidence|cr|uncertainty|iqr|quartile|percentile|rang|lay between|ratio|odds|hr |rr ",
    "scales_told": "likert|scale|score|index|questionnaire|inventory|vas|nrs|rated|graded|rating|out of|maximum|"
    "-point|mark"
    "|instrument|qlq-|fact-|0 to 10|0-10|-free days|days alive|days free",
    "measures.gaps_told": " by | lower| higher| fewer| less| more| longer| shorter| older| younger|difference|gain"
    "|reduction|increase|decrease|improvement|decline|drop|gap|rise|benefit|greater|twice|double| times |fold|half "
    "|saved|spared",
    "measures.two_units": " (|, or |i.e.|that is|equivalent to|corresponding to",
    "inference.ratio_words": "ratio| hr|(hr|(or| or | rr|(rr|irr|relative risk|relative odds|[or|[hr|ahr|aor|arr|shr",
    "measures.agreement": "sensitiv|specific|accuracy|youden|kappa|κ",
    "measures.between": " (|: |; it w|overall|total| all |(all |whole|entire|together|both |pooled|combined|summary"
    "|fixed-effect|random-effect",
    "goals": "within|inside|criterion|goal|target|threshold|benchmark|endpoint|end point|planned|stage|null hyp"
    "|futility|probability|declared|considered|needed|required|halted|stopped|closed",
    "planned": "within|inside|planned|target|required|intended|calculated|prespecified",
    "inference.ways": "from ",
}
"""Rule -> words, parted by bars, of which a text has one where the rule can have something to say."""
_WORDS = {name: tuple(words.split("|")) for name, words in _RULES.items()}
_WORDS["grid"] = (*_WORDS["grid"], "|")
_loaded: dict[str, Callable[[Case], None]] = {}


def check_reckoned(case: Case) -> None:
    """Ask each rule whose words the text has; what one has related, the next ones know."""
    for name, words in _WORDS.items():
        if case.has_one(words):
            check = _loaded.get(name)
            if check is None:
                path = name if "." in name else f"reckoned.{name}"
                check = getattr(import_module(f"codon12.check.verify.{path}"), f"check_{path.rpartition('.')[2]}")
                _loaded[name] = check
            check(case)
