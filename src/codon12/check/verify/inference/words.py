"""A P value against the words around it: `significantly longer`, `no significant difference`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case

__all__ = ["check_words"]

_NEGATED = re.compile(
    r"\b(?:no|not|nor|without|neither|non)\b(?!/)(?:[ -]+[\w-]+){0,5}?[ -]+significan"
    r"|\bno (?:(?!evidence)[\w-]+ ){0,2}differences? (?:in|between|was|were|among)\b"
    r"|\bno (?:(?!evidence)[\w-]+ ){0,1}(?:association|correlation|relationship|interaction) (?:was|were|"
    r"between|of|with)\b"
    r"|nonsignificant|insignificant|non-significant"
    r"|\b(?:was|were|are|is|remained) (?:\w+ )?similar\b|(?:did not (?:differ|improve|change)|not improved)(?: "
    r"statistically)?(?: significantly)?"
    r"|\b(?:fail\w* to (?:reach|show|achieve|attain|find|demonstrate)|miss(?:ed|es)|lack(?:ed|s)?|short of|loss of)\b"
    r"[^.;()]{0,30}? significan",
    re.IGNORECASE,
)
_SAME_AGAIN = re.compile(
    r"\b(?:results?|findings?|analys[ei]s|estimates?|conclusions?|associations?|imputation|adjustment)\b"
    r"[^;]{0,90}\bsimilar\b",
    re.IGNORECASE,
)
"""Results that another analysis gives again: `Results after imputation were similar (difference -5.8; P < 0.001)`."""
_SIGNIFICANT = re.compile(r"significan(?:t|tly|ce)", re.IGNORECASE)
_NEARLY = re.compile(
    r"\btrend\w*|\bapproach\w*|\bborderline|\bmarginal\w*|\btend(?:s|ed|ency|ing)?\b|\bnear(?:ly|ed|ing)?\b|\balmost\b|"
    r"\bclose to\b|(?:level|threshold|limit|test) (?:of|for) (?:statistical )?significance|"
    r"significance (?:level|threshold|was set)|"
    r"\bsubgroup|\bheterogene",
    re.IGNORECASE,
)
"""Words by which significance was nearly reached, is defined, or is at another level than usual: `a trend towards`."""
_LEVEL_NAMED = re.compile(
    r"\b(?:significance level|level of significance|boundary|alpha(?: level)?)\b[^.;\d]{0,40}0?\.0(?!5\b)\d+",
    re.IGNORECASE,
)
"""A level other than 0.05 that the sentence names: the words are of that."""
_CORRECTED = re.compile(
    r"\b(?:Bonferroni|multiple (?:testing|comparisons)|corrected|correction)\b[^.;()\d]{0,20}[( ]+$", re.IGNORECASE
)
"""Before the level of a corrected test: `not significant if Bonferroni correction (p<0.0026) was applied`."""
_LEVELS = {"0.9", "0.90", "0.95", "0.99", "0.999"}
"""Values that a P printed beside `significant` may have as a confidence level, in texts of former times."""
_ONE_SIDED = re.compile(r"one-?\s?(?:sided|tailed)")
_MIXED = re.compile(r"\b(?:except|but|although|however|whereas|while)\b", re.IGNORECASE)


def check_words(case: Case) -> None:
    """Check P values of sentences that speak of significance once and without a turn (`but`, `except`)."""
    for s in case.statements:
        if s.kind not in ("p_value", "hr_ci_p", "group_medians_p") or s.quantities.p is None:
            continue
        clause = _clause(case, s)
        if s.quantities.text is not None and not ("interaction" in s.quantities.text and "interaction" in clause):
            continue  # of an interaction or a trend, of which the words may not speak
        negated, both = _negated(clause)
        if both or (not negated and not _SIGNIFICANT.search(clause)) or case.says(s, _MIXED):
            continue
        if not negated and (_NEARLY.search(clause) or f"0{s.quantities.p.text.lstrip('0')}" in _LEVELS):
            continue
        p = s.quantities.p
        if case.says(s, _LEVEL_NAMED):
            continue
        corrected = _CORRECTED.search(case.around(s, 60, 0)[0]) is not None
        if negated and (corrected or _agreement(case, s) or case.says(s, _SAME_AGAIN)):
            continue
        if negated and s.quantities.p_op in ("<", "<=") and p.value < 0.001 and p.text.strip("0.") != "1":
            continue  # the level of a corrected test: no significant associations (P < 1.58e-4)
        _judge(case, s, negated=negated)


def _negated(clause: str) -> tuple[bool, bool]:
    """Whether a clause denies significance, and whether it goes on to claim it of something else.

    `a non-significant reduction in X, which led to a significant one in Y (p = 0.0003)`: the P value may be of either.
    """
    denied = list(_NEGATED.finditer(clause))
    return bool(denied), bool(denied) and _SIGNIFICANT.search(clause, denied[-1].end()) is not None


_OWN_STATISTIC = re.compile(
    r"\b(?:[A-Z]*CCs?|kappa|κ|concordance|agreement|correlation|reliability|alpha|α)\b[^;()]{0,40}[=:] ?"
    r"-?\d?\.\d+(?: ?\([^()]{1,30}\))?[,;] ?$",
    re.IGNORECASE,
)
"""A measure of agreement right before a P value, which then says that they agree: `no difference (ICC = 0.91, P)`."""


def _agreement(case: Case, s: Statement) -> bool:
    return _OWN_STATISTIC.search(case.around(s, 70, 0)[0]) is not None


_CLAUSE = re.compile(
    r"[;:]\s|,? (?:(?:and|but|or|while|whereas)|(?<!longer )(?<!shorter )(?<!higher )(?<!lower )"
    r"(?<!better )with)\s|\bns\b|\)[,;]?\s",
    re.IGNORECASE,
)


_OF_TWO = re.compile(r"\bbetween(?: (?!and\b)[^\s,;]+){1,6}$")
"""Before an `and` that joins the two of which a difference or an association is told."""


_NONE_OF = re.compile(r"\bno [a-z-]+$")
"""Before a `with` that goes on to say what there was none of: `no night with a significantly later onset`."""


def _cuts(words: str) -> list[int]:
    return [
        m.end()
        for m in _CLAUSE.finditer(words)
        if not (m[0].strip(" ,") == "and" and _OF_TWO.search(words[: m.start()]))
        and not (m[0].strip() == "with" and _NONE_OF.search(words[: m.start()]))
    ]


def _clause(case: Case, s: Statement) -> str:
    """The words of the clause a P value stands in: back to the last clause mark outside its own bracket."""
    p = case.text.passages[s.passage]
    before = case.flat[p.start : s.normal_start]
    opened = before.rfind("(")
    if opened > before.rfind(")"):  # the bracket of the P value itself
        head = before[:opened]
        cuts = _cuts(head)
        return head[cuts[-1] :] if cuts else head
    cuts = _cuts(before)
    after = re.split(r"[;.]\s", case.flat[s.normal_end : p.end], maxsplit=1)[0]
    return (before[cuts[-1] :] if cuts else before) + " " + after


def _judge(case: Case, s: Statement, *, negated: bool) -> None:
    q = s.quantities
    assert q.p is not None
    small = q.p.value <= 0.05 if q.p_op in ("<", "<=") else q.p.high_cut <= 0.05
    large = q.p.low > 0.05 and q.p_op not in ("<", "<=")
    one_sided = case.says(s, _ONE_SIDED)
    shown = f"P {q.p_op} {q.p.text}"
    if not negated and large and case.flat.startswith("significan", case.text.passages[s.passage].start):
        return  # the rest of a sentence torn apart: its `not` may stand before
    if (negated and large) or (not negated and small):
        if s.kind == "p_value":
            case.add(s, Check("P/words", "ok", f"The words agree with {shown}.", "significance at 0.05"))
    elif not one_sided and ((negated and small and q.p.value < 0.04) or (not negated and large and q.p.value > 0.06)):
        says = "no significant difference" if negated else "significance"
        multiple = len([x for x in case.by_passage[s.passage] if x.quantities.p is not None]) > 1
        verdict = "cannot confirm" if multiple else "unlikely"
        case.add(s, Check("P/words", verdict, f"The sentence speaks of {says}, yet {shown}.", "significance at 0.05"))
