"""How many were screened, enrolled, assigned and treated: counts of people without a percentage, in running text."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.comparing.clause import Clause, says_part
from codon12.check.comparing.equality import Row, is_equal
from codon12.check.comparing.parts import OF_AN_ARM, Parts
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Statement

__all__ = ["Flow"]

_ENROLLED = re.compile(
    r"^\W*(?:patients |participants |subjects |persons |people )?(?:were |had been |was )?"
    r"(?P<what>enrolled|randomi[sz]ed|randomly|screened|"
    r"received (?=(?:at least|\W*≥) ?(?:one|1) dose|(?:[a-z]+(?:ib|mab|platin|taxel))\b)|failed (?=screening))",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"\b(?:patients|participants|subjects|people|persons|adults)\b", re.IGNORECASE)
_IN_ALL = re.compile(r"\b(?:total of|overall|in total|in all|altogether)\W*$", re.IGNORECASE)
_FLOW = {"enrol": "flow.enrolled", "rando": "flow.randomised", "recei": "flow.treated", "scree": "flow.screened",
         "faile": "flow.screen_failure"}  # fmt: skip
_SIZE = re.compile(r"^\W*n\s?=", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^ ?\(\d[\d,]* (?:patients|participants|subjects)\)$", re.IGNORECASE)
_BEGAN = re.compile(r"\b(?:began|started|enrolled|received)\b", re.IGNORECASE)
_NEARBY = 40
_SURELY = 30
"""Numbers of people from this one on are hardly those of the study by chance."""
_SAID = re.compile(r"[,;.)]|\b(?:was|were|had|have|who|whether|we|in)\b", re.IGNORECASE)
_WHO = re.compile(
    r"\b(?:patients|participants|subjects|people|persons|adults|cases|tumou?rs|samples|deaths|who|individuals)\b|[)%]$",
    re.IGNORECASE,
)
_IN_A_MODEL = re.compile(r"\bmodel|\bmultivaria|\bregression|\bcomplete\b|\badjusted\b|\bCox\b", re.IGNORECASE)
_STUDIED = re.compile(
    r"\b(?:we|study|cohort|trial|analysis) (?:retrospectively |prospectively )?"
    r"(?:analy[sz]ed|studied|included|identified|"
    r"enrolled|comprised|randomi[sz]ed|randomly assigned|treated)\W+(?:a total of )?$|"
    r"\b(?:the|this) (?:trial|study) of $|"
    r"\b(?:our|this|the present) (?:\w+ )?(?:registry|cohort|analysis|study|trial|series|sample) of $",
    re.IGNORECASE,
)
_STUDIED_BEHIND = re.compile(
    r"^\W*(?:patients |participants |subjects )?(?:had been|were|was) (?:included|analy[sz]ed|treated|identified)\b"
    r"(?! (?:for|with|until|beyond|at|in)\b)",
    re.IGNORECASE,
)
_OF = re.compile(r"(?:^|[.:]\W* |^[A-Z]+ )\W*of (?:the |all )?$", re.IGNORECASE)
_AMONG = re.compile(r"(?:^|[.:]\W* |^[A-Z]+ )\W*(?:of|among) (?:the |all )?(?:\d[\d,]* )?$", re.IGNORECASE)
_IN_THIS = re.compile(
    r"(?:^|[.:]\W* |^[A-Z]+ )\W*(?:in this (?:\w+ )?(?:study|trial|analysis|cohort),?|data (?:of|from|on)) $",
    re.IGNORECASE,
)
_STAGE = re.compile(r"^\W*(?:enrolled|randomi[sz]ed|treated|included)\W+(?:patients|participants|subjects|people)\b")
_ALL = re.compile(r"(?:^|[.:] )\W*all (?:of the )?$", re.IGNORECASE)
_STAGES = {"flow.screened", "flow.enrolled", "flow.randomised", "flow.treated"}
_OF_TRIALS = whole_words(
    "findings allocated failed screening trials cancer lung small cell non advanced metastatic previously treated "
    "inhibitor we studies analysed studied included identified"
)
_TO_ARM = re.compile(
    r"^\W*(?:patients |participants |subjects )?(?:(?:were |was )?(?:assigned |allocated )?to\b|who received\b|"
    r"(?:(?:were |was )?assigned|received|were given) \w+"
    r"(?: \w+){0,2}\s*(?:\.|,|and\b|$))",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"\b(?:randomi[sz]\w*|randomly)\b|\bwe compared\b|\b(?:were|was|we|been) (?:assigned|allocated)\b|"
    r"(?:^\W*|\()[\d,]+ (?:assigned|allocated)\b|"
    r"(?:^|[.:*]\W* |^[A-Z]+ )\W*of [\d,]+ (?:patients|participants|subjects)(?: \([^()]*\))?,|"
    r"^\W*[\d,]+ (?:patients|participants|subjects) (?:received|were treated)\b",
    re.IGNORECASE,
)


def _is_of_all(clause: Clause) -> bool:
    """`246 patients were analysed`, `Of 246 patients, 120 received A`."""
    opens = _OF.search(clause.head) and re.match(r"[\d,]+ (?:patients|participants|subjects)?, \d", clause.from_number)
    said = re.sub(r"^\W*[\d,]+", "", clause.inside + clause.after)
    whole = _ALL.search(clause.head) and re.match(r"\W*(?:enrolled|randomi[sz]ed|treated)\b", said)
    among = _AMONG.search(clause.head + re.split(r"\d", clause.inside)[0]) and _STAGE.match(said)
    alone = len(clause.list) == 1
    return bool(
        (alone and _STUDIED_BEHIND.match(clause.after)) or opens or whole or among or _IN_THIS.search(clause.head)
    )


class Flow:
    """The numbers of subjects of a study, by stage and arm."""

    def __init__(self, rows: list[Row], by_key: dict[tuple[str, str], list[Row]], parts: Parts) -> None:
        self._rows = [r for r in rows if str(r["endpoint"]).startswith("flow.")]
        self._in_models = [r for r in rows if r.get("section") == "Model" and r["kind"] == "count"]
        self._by_key, self._parts = by_key, parts

    def of(self, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """`A total of 126 patients were enrolled`, `84 to placebo`: contradicted where all, or an arm, are meant."""
        n = s.quantities.n if s.quantities.n is not None else s.quantities.N
        words = clause.inside + clause.after
        if n is not None and (_STUDIED.search(clause.head) or _is_of_all(clause)):
            return self._of_all(n, clause)
        if n is not None and _TO_ARM.match(re.sub(r"^\W*[\d,]+", "", words)) and _ASSIGNED.search(clause.sentence):
            rows = self._by_key.get(("flow.randomised", "n"), []) or self._by_key.get(("flow.enrolled", "n"), [])
            arms = self._parts.arms_of(clause)
            rows = [r for r in rows if len(arms) == 1 and r.get("arm") == arms[0]]
            equal = next((r for r in rows if r["n"] == n), None)
            unclear = clause.is_elsewhere or not rows
            return equal, None if equal is not None or unclear else rows[0]
        if (
            n is not None
            and (_SIZE.match(clause.inside) or _IN_BRACKETS.search(clause.head[-2:] + clause.inside + clause.after[:1]))
            and (arms := self._parts.named_arms.of(clause.since[-_NEARBY:]))
        ):
            return self._of_arm_size(n, arms, clause)
        m = _ENROLLED.match(clause.after)
        if m is None or n is None or not _PEOPLE.search(clause.inside + m[0]):
            return None, None
        what = m["what"][:5].lower()
        rows = self._by_key.get((_FLOW[what], "n"), []) or self._by_key.get((_FLOW["enrol"], "n"), [])
        equal = next((r for r in rows if r["n"] == n), None)
        if equal is not None or not rows:
            return equal, None
        whole = next((r for r in rows if r.get("arm") in (None, "all")), None)
        total = re.search(r"\btotal of\b", clause.inside, re.IGNORECASE) or _IN_ALL.search(clause.head)
        all_screened = what == "scree" and not re.split(r"[;:.]", clause.since)[-1].strip(" ,")
        alone = clause.is_first and not self._parts.named_arms.of(clause.near) and clause.says_only(_OF_TRIALS)
        if whole is None or not (total or all_screened or alone) or clause.is_elsewhere:
            return None, None
        words = clause.head.rsplit(";", 1)[-1] + clause.inside + clause.after.split(",")[0]
        return None, None if says_part(words, frozenset(OF_AN_ARM)) else whole

    def _of_all(self, n: int, clause: Clause) -> tuple[Row | None, Row | None]:
        """`We analysed 246 patients`: any stage of everybody; contradicted where all stages have as many."""
        rows = [r for r in self._rows if r.get("arm") in (None, "all") and r["endpoint"] in _STAGES]
        equal = next((r for r in rows if r["n"] == n), None)
        sure = rows and not clause.is_elsewhere and clause.says_only(_OF_TRIALS | self._parts.arm_words)
        return equal, rows[-1] if equal is None and sure else None

    def are_arms(self, s: Statement) -> bool:
        """`568/569`: the sizes of two arms, no part of a whole."""
        q, arms = s.quantities, {r["n"]: r["arm"] for r in self._rows if r.get("arm") not in (None, "all")}
        both = "/" in s.quote and q.percent is None and q.n in arms and q.N in arms
        return both and arms[q.n] != arms[q.N]

    def of_size(self, s: Statement, clause: Clause) -> Row | None:
        """`an analysis of 1,137 patients`: a size that the study has of everybody or of the arm that is named."""
        q = s.quantities
        if (
            q.n is None
            or q.n < _SURELY
            or not (_WHO.search(clause.inside) or _SIZE.match(clause.inside) or q.N is not None)
        ):
            return None
        begin, end = clause.at - len(clause.since), clause.at + len(clause.inside) + len(_SAID.split(clause.after)[0])
        if any(begin <= a < end for a, _, _ in clause.levels):
            return None
        arm = self._parts.arm_of(clause)
        rows = [*self._rows, *self._in_models] if _IN_A_MODEL.search(clause.sentence) else self._rows
        rows = [
            r for r in rows if r["n"] == q.n and r.get("arm") in ((arm,) if isinstance(arm, str) else ("all", None))
        ]
        return next((r for r in rows if q.percent is None or is_equal(s, r)), None)

    def _of_arm_size(self, n: int, arms: list[str], clause: Clause) -> tuple[Row | None, Row | None]:
        """`docetaxel (N = 568)`: any size of that arm; contradicted where the sentence is of everybody."""
        sizes = [r for r in self._rows if r.get("arm") == arms[-1]]
        equal = next((r for r in sizes if r["n"] == n), None)
        if equal is not None or not sizes or clause.is_elsewhere or self._parts.levels_of(clause):
            return equal, None
        everybody = _ASSIGNED.search(clause.sentence) or _BEGAN.search(clause.sentence)
        return None, sizes[0] if everybody else None
