"""Estimates in tables, by the outcome that row or column names, and the subgroup and arm that the other does."""

from __future__ import annotations

import msgspec

from codon12.check import patterns as re
from codon12.check.comparing.equality import Row, is_equal
from codon12.check.comparing.in_sentence import TIMES, endpoints_in, state_in, times_in
from codon12.check.comparing.outcomes import lasting_in
from codon12.check.comparing.parts import Parts
from codon12.check.comparing.slips import is_near
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Statement

__all__ = ["MEDIAN", "CellEstimates", "judged"]

_ESTIMATES = {"percent_ci", "median_ci", "median_only", "median_range", "hr_ci_p", "count_percent_ci", "landmark",
              "value", "percent_only", "count", "count_percent", "table_cell"}  # fmt: skip
_RATIO = re.compile(r"\bHRs?\b|\bhazard ratios?\b", re.IGNORECASE)
MEDIAN = re.compile(r"\bmedian\b|\bmonths?\b", re.IGNORECASE)
_DEATH, _PROGRESSION = re.compile(r"\bdeath\b|\bdying\b", re.IGNORECASE), re.compile(r"\bprogression\b", re.IGNORECASE)
_EVENTS = re.compile(r"\b(?:events|deaths)\b", re.IGNORECASE)
_RATES = {"orr", "dcr"}
_EVERYBODY = re.compile(
    r"^\W*(?:all(?: (?:patients|participants|subjects))?|overall(?: population)?|total|"
    r"intention[- ]to[- ]treat\w*|ITT)\W*$",
    re.IGNORECASE,
)
_OF_HEADS = whole_words(
    "all overall total patients participants subjects group arm treatment study median rate months value estimate "
    "number percent "
    "hazard ratio death progression free survival response objective disease control duration time "
    "population analysis set "
    "result results outcome PFS ORR DCR DOR TTR confidence interval central investigator review"
)
"""Words in the head of a column that make it of no part of the patients."""
_ELSE = (
    ("follow_up", re.compile(r"\bmedian follow-?up\b|^\W*follow-?up\b", re.IGNORECASE)),
    ("orr", re.compile(r"^\W*responders\b", re.IGNORECASE)),
)
_MODEL = re.compile(r"\b(?:un)?adjusted|\bmultivaria|\bunivaria|\bcrude", re.IGNORECASE)
_ADVERSE = re.compile(r"\badverse|\b(?:TE|TR)?AEs?\b|\btoxic", re.IGNORECASE)
_P = re.compile(r"\bp\b", re.IGNORECASE)
_INTERACTION = re.compile(r"\binteraction", re.IGNORECASE)
_OTHER_RATIO = re.compile(r"\badjust|\bmultivaria|\bunivaria|\bmodel|\binteraction", re.IGNORECASE)


class CellEstimates:
    """The medians, rates and ratios of a study, looked up for the cells of tables."""

    def __init__(self, by_key: dict[tuple[str, str], list[Row]], parts: Parts) -> None:
        self._by_key, self._parts = by_key, parts

    def of(self, s: Statement, label: str, head: str, heading: str) -> list[Row] | None:
        """The numbers a cell may be; None where neither its row nor its column names an outcome of the study.

        Empty where it is of an outcome, but of patients that the study has no numbers of.
        """
        if s.kind not in _ESTIMATES:
            return None
        counted = s.quantities.N is not None if s.kind == "count" else s.kind == "table_cell"
        if counted and _EVENTS.search(f"{head} {label}") and not _ADVERSE.search(f"{head} {label} {heading}"):
            return self._of_events(label, head, heading)
        if _RATIO.search(f"{label} {head}") and _MODEL.search(f"{label} {head} {heading}"):
            return self._of_model(label, head, heading)
        if _MODEL.search(head) and _P.search(head):
            return self._of_model(label, head, heading)
        if _INTERACTION.search(head) and _P.search(head):
            return self._of_interaction(label, heading)
        key = self._key(s, label, head, heading)
        if key is None:
            return self._of_any_outcome(label, heading) if _RATIO.search(head) else None
        rows = self._by_key.get(key, [])
        if key[1] == "hr":
            rows = [] if _OTHER_RATIO.search(f"{label} {head} {heading}") else rows
            rows = [*rows, *self._by_key.get((f"{key[0]}.effect", "hr"), [])]
        in_row = bool(_named(label)) or not (_named(head) or _DEATH.search(head) or _PROGRESSION.search(head))
        level = self._parts.named_in(label, f"{heading} {label}") or self._parts.named_in(head, f"{heading} {head}")
        if level is None and not in_row and not _EVERYBODY.match(label) and not self._parts.named_arms.of(label):
            return None if not rows else []
        if level is None:
            rows = [r for r in rows if r.get("group") in (None, "all")] if self._is_known(head) else []
        else:
            rows = [r for r in rows if Parts.part_of(r) == level]
        reader = self._parts.reader_in(f"{label} {head} {heading}")
        rows = [r for r in rows if reader is None or r.get("evaluator") in (reader, None)]
        arms = self._parts.named_arms.of(f"{head}") or self._parts.named_arms.of(label)
        if len(arms) == 1:
            return [r for r in rows if r.get("arm") == arms[0]]
        if key[1] != "hr" and (_EVERYBODY.match(head) or not self._parts.arms):
            rows = [r for r in rows if r.get("arm") in (None, "all")]
        return rows

    def _of_any_outcome(self, label: str, heading: str) -> list[Row] | None:
        """Hazard ratios of the subgroup of a row, where the table does not say of what outcome."""
        level = self._parts.named_in(label, f"{heading} {label}")
        keys = [(f"{e}{x}", "hr") for e in ("os", "pfs") for x in ("", ".effect")]
        return [r for k in keys for r in self._by_key.get(k, []) if level and Parts.part_of(r) == level] or None

    def _of_model(self, label: str, head: str, heading: str) -> list[Row] | None:
        """Ratios of a model, or their P, of the category of a row: adjusted where the head says so, or each alone."""
        level = self._parts.named_in(label, f"{heading} {label}")
        outcomes = next((x for words in (label, head, heading) if (x := _named(words))), None)
        alone = re.search(r"\bunadjust|\bunivaria|\bcrude", head, re.IGNORECASE) is not None
        statistic = ("hr_alone" if alone else "hr") if _RATIO.search(f"{label} {head}") else "wald_p"
        rows = [
            r for (_, kind), of in self._by_key.items() if kind == statistic for r in of if Parts.part_of(r) is None
        ]
        rows = [r for r in rows if (r["variable"], r["category"]) == level]
        rows = [r for r in rows if outcomes is None or str(r["endpoint"]).split(".", maxsplit=1)[0] in outcomes]
        return rows or None

    def _of_interaction(self, label: str, heading: str) -> list[Row] | None:
        """P for interaction of treatment with the variable that a row names, of the outcome that the heading does."""
        outcomes = _named(heading) or ["os"] * bool(_DEATH.search(heading))
        rows = [r for (_, kind), of in self._by_key.items() if kind == "interaction_p" for r in of]
        rows = [r for r in rows if str(r["endpoint"]).split(".", maxsplit=1)[0] in outcomes or not outcomes]
        return [r for r in rows if r.get("group") and self._parts.mentions(str(r["group"]), label)] or None

    def _of_events(self, label: str, head: str, heading: str) -> list[Row] | None:
        """Events of the subgroup and arm that row and column name, of the outcome that they or the heading name."""
        named = next((x for words in (label, head, heading) if len(x := _named(words)) == 1), ["os", "pfs"])
        named = ["os"] if len(named) > 1 and re.search(r"\bdeaths\b", f"{label} {head}", re.IGNORECASE) else named
        level = self._parts.named_in(label, f"{heading} {label}") or self._parts.named_in(head, f"{heading} {head}")
        arms = self._parts.named_arms.of(head) or self._parts.named_arms.of(label)
        rows = [r for e in named for x in (f"{e}.events", f"{e}.effect.events") for r in self._by_key.get((x, "n"), [])]
        rows = [r for r in rows if Parts.part_of(r) == level and r.get("arm") in (arms or ("all", None))]
        everybody = level is not None or _EVERYBODY.match(label) or arms
        return rows if rows and everybody and len(arms) < len(("one", "other")) else None

    def _is_known(self, head: str) -> bool:
        """Whether the head of a column is of an arm, of everybody, or says but what is estimated."""
        words = whole_words(TIMES.sub(" ", re.sub(r"\(.*?\)", " ", head))) - _OF_HEADS - self._parts.arm_words
        return not words or bool(self._parts.named_arms.of(head) or _EVERYBODY.match(head))

    def _key(self, s: Statement, label: str, head: str, heading: str) -> tuple[str, str] | None:
        """Endpoint and statistic that row or column names, or else the heading over the row."""
        ratio = bool(_RATIO.search(f"{label} {head}"))
        for words in (label, head, heading):
            named = _named(words) or ([state] if TIMES.search(words) and (state := state_in(words)) else [])
            if len(named) > 1:
                return None
            if named or (ratio and (_DEATH.search(words) or _PROGRESSION.search(words))):
                endpoint = named[0] if named else "pfs" if _PROGRESSION.search(words) else "os"
                break
        else:
            return self._of_variable(s, label, heading)
        if ratio:
            return endpoint, "hr"
        if times := times_in(label) or times_in(head):
            one = len(times) == 1 and s.kind not in ("table_cell", "count")
            return (endpoint, f"rate_{float(times[0][2]):g}mo") if one else None
        if endpoint in _RATES:
            return endpoint, "rate"
        whole = s.kind in ("median_ci", "median_only", "median_range", "value", "percent_ci", "hr_ci_p")
        return (endpoint, "median") if whole and MEDIAN.search(f"{label} {head}") else None

    def _of_variable(self, s: Statement, label: str, heading: str) -> tuple[str, str] | None:
        """`Median age`, `Median duration of treatment`: the median of a variable at baseline, or of what lasted."""
        if s.kind != "value" or not re.search(r"\bmedian\b", f"{heading} {label}", re.IGNORECASE):
            return None
        if len(lasted := lasting_in(label)) == 1 and (lasted[0], "median") in self._by_key:
            return lasted[0], "median"
        words = whole_words(f"{heading} {label}") if whole_words(label) <= _OF_HEADS else whole_words(label)
        medians = [e for e, statistic in self._by_key if statistic == "median" and e.startswith("baseline.")]
        named = [e for e in medians if ".by_" not in e and whole_words(e.split(".")[-1]) <= words]
        return (named[0], "median") if len(named) == 1 else None


def _named(words: str) -> list[str]:
    """The outcomes that words name; follow-up, or responders, where they name no other."""
    named = list(dict.fromkeys(m[2] for m in endpoints_in(words)))
    return named or [e for e, said in _ELSE if said.search(words)][:1]


def judged(rows: list[Row], s: Statement) -> tuple[Row | None, Row | None]:
    """The number a cell is, and the one it contradicts where it can be of one alone."""
    q = s.quantities
    if q.interval == "range" or (rows and rows[0]["kind"] == "ratio"):
        value = q.value if q.value is not None else q.percent
        q = msgspec.structs.replace(q, interval="ci" if q.low is not None else None, unit=None, n=None, value=value)
        s = msgspec.structs.replace(s, quantities=q)
    elif q.percent is None and q.value is not None and rows and rows[0]["kind"] == "rate":
        s = msgspec.structs.replace(s, quantities=msgspec.structs.replace(q, percent=q.value, value=None))
    equal = next((r for r in rows if is_equal(s, r)), None)
    if equal is not None or s.approximate:
        return equal, None
    near = next((r for r in rows if is_near(s, r)), None)
    if near is not None and s.quantities.interval == "ci":
        return None, near
    one = len({(r["value"], r["lower"], r["upper"]) for r in rows}) == 1 or len({r["id"] for r in rows}) == 1
    total, n = s.quantities.N, s.quantities.n
    return None, rows[0] if one and (total is None or total == rows[0]["N"] or n == rows[0]["n"]) else None
