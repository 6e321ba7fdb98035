"""Shares of a list: what they make together, where nobody is in two of its parts."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import list_words as say
from codon12.check.verify.counted.reading.exclusive import exclude_and_close
from codon12.check.verify.counted.reading.items import Told
from codon12.check.verify.counted.reading.runs import Run
from codon12.check.verify.counted.said import is_added
from codon12.check.verify.prose import judge
from codon12.numbers.unrounded import percent_modes

__all__ = ["check_counts_of_hundred", "check_hundred"]


_COMPARES = re.compile(r"\b(?:more|less|fewer|higher|lower|than|differ\w*|compared)\b", re.IGNORECASE)
"""Two shares that are compared are each of a group of its own: `more males were (female, 53%; male, 64%)`."""


_FOUND_IN = re.compile(
    r"\b(?:mutat\w+|alterations?|deletions?|fusions?)\b.*\b(?:found|detected|present|seen|observed) in "
)
"""Before shares that are each of one class: `the mutation was found in favourable risk in 27%, poor in 45%`."""
_OF_ANOTHER = re.compile(
    r"\b(?:and|but|while),? (?!(?:was|were|is|are|being|then|only|also|thus|not|it|they|the|in|of|at)\b)[a-z]{3,} "
    r"(?:was |were )?(?:absent|negative|present|positive|normal|abnormal|low|high) (?:in|for) "
)
"""Between two shares, of which the second is of a thing of its own: `fever in 44% and cough absent in 66%`."""
_ONE_VALUE = re.compile(r"\b(?:histolog\w+|race|ethnicity|sidedness|(?:sub)?type) (?:was|were) ")
_EXPLAINED = re.compile(r"\bvarian(?:ce|ces)\b|\bvariation\b|\bvariability\b")
_ONE_GROUP = re.compile(
    r"\b(?:group|arm|cohort|cluster) [a-z0-9]\b|\bin (?:(?:a|one) (?:fe)?male|women|men|boys|girls)\b", re.IGNORECASE
)


_SCALE = re.compile(
    r"\b(?:ecog|karnofsky|her-?[2②]|pd-?l1|gleason|grade|stage|asa|nyha|child|bclc|fab|kras|egfr|ki-?67)\b"
)


def check_hundred(case: Case, told: Told, run: Run) -> None:
    """Check that percentages of parts that leave nobody out make a hundred."""
    items, p = told.items[run.first : run.last + 1], case.text.passages[told.passage]
    shares = [x.share for x in items if x.share is not None]
    words = run.words
    if len(shares) < 2 or len({*words}) < len(words) or say.RATE.search(told.words):
        return
    if say.is_of_each_group(told.gaps[run.first], words) or _FOUND_IN.search(told.gaps[run.first]):
        return
    total = float(sum(s.value for s in shares))
    slack = float(sum(s.step for s in shares)) / 2 + 0.05
    if abs(total - 100) <= max(slack, 0.5) or not 80 < total < 150:
        return
    others = [float(x.share.value) for x in told.items if x.share is not None and x not in items]
    if any(abs(o - total) <= slack for o in others) or any(is_added(case, x.at) for x in items):
        return
    first, last = items[0], items[-1]
    begin = p.start
    between = told.words[first.start - begin : last.end - begin]
    lead = told.gaps[run.first]
    behind = re.split(r"[;.(] ?", told.gaps[run.last + 1])[0]
    if say.OVERLAP.search(say.ONCE.sub("", say.COUNTED_ONCE.sub("", f"{lead} {between} {behind}"))):
        return
    if run.first > 0 and told.items[run.first - 1].share is not None:
        return
    if sum(w.startswith("of ") for w in words) > 1 or any(say.OF_THE_REST.match(w) for w in words):
        return  # each of a group of its own
    words = words if run.form == "follows" else (*words[:-1], f"{words[-1]} {behind}")
    apart, closed = exclude_and_close(told.words, words, lead)
    apart = apart or say.ONCE.search(told.words) is not None
    around = f"{lead} {between} {'' if run.form == 'follows' else behind}"
    if all(_ONE_GROUP.search(w) for w in words) or _EXPLAINED.search(told.words):
        return
    if len({m[0] for m in _SCALE.finditer(" ".join(words))}) > 1:
        return  # of several scales: `ECOG 1 (52%) and ECOG 2 (11%); HER2 3+ (40%)`
    if say.OF_EACH.search(around) or (say.GROUP.search(around) and not say.is_scale(words)):
        return
    if sum(say.TIME.search(w) is not None for w in words) > 1 or (len(words) == 2 and _COMPARES.search(lead)):
        return
    one_sided = apart and (run.form == "leads" or _ONE_VALUE.search(words[0])) and total > 100
    if len(words) < 3 and not closed and not one_sided:
        return
    if len(words) == 2 and _OF_ANOTHER.search(between):
        return
    alike = len(words) > 2 and total <= 130 and all(say.IN.search(w) for w in words)
    if alike and total > 100 and not apart:
        apart = True
    opens = say.CLOSES.search(lead) is not None and not any(say.OPEN.match(w) for w in words)
    if (apart or opens) and (total > 100 or (closed and total > 90)):
        shown = " + ".join(s.text for s in shares)
        verdict: Verdict = "error-if" if total > 100 else "unlikely"
        said = f"{shown} = {total:g} %, if these are all and nobody is in two of them."
        judge(case, p, "sum", [x.at for x in items], verdict, said, "parts of a whole")


def check_counts_of_hundred(case: Case, told: Told, run: Run) -> None:
    """`10 men (52%) and 12 women (48%)`: shares that make a hundred are of all the counts together."""
    items = told.items[run.first : run.last + 1]
    shares = [x.share for x in items if x.share is not None]
    if len(shares) < len(items) or any(x.total is not None or not x.n for x in items) or run.form != "leads":
        return
    if abs(sum(s.value for s in shares) - 100) > sum(s.step for s in shares) / 2:
        return
    if all(w.startswith("of ") for w in run.words):
        return  # `57% (n = 129) of men and 43% (n = 75) of women`: each of a group of its own
    if exclude_and_close(told.words, run.words, told.gaps[run.first]) != (True, True) or say.OF_EACH.search(told.words):
        return
    counts = [x.n or 0 for x in items]
    total = sum(counts)
    near = {total, *case.groups, *(x.n for x in told.items if x.n)}
    pairs = list(zip(counts, shares, strict=True))
    if any(percent_modes(n, t, s) for t in near if t >= max(counts) for n, s in pairs):
        return  # one of them is of a group named, or of the sum
    said = f"{counts[0]} of {total}, all together, is {100 * counts[0] / total:.4g} %, not {shares[0].text} %."
    judge(case, case.text.passages[told.passage], "count/percent", [x.at for x in items], "error-if", said, "n/N")
