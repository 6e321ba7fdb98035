"""Questions about measured biomarkers: expression, burden, microsatellites; compared on their own scale only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from codon12.biomarker.questions.status import Status
from codon12.biomarker.scores.joint import read_joint_score
from codon12.biomarker.scores.measure import NUMBER, Measure, microsatellite_state, repair_state
from codon12.errors import UsageError
from codon12.records.terms.scores import Interval

__all__ = ["measure_answers", "measure_status"]

_EXPRESSION = re.compile(
    rf"(?:PD-?L1)?\s*(TPS|CPS|TC|IC)?\s*(>=|≥|>|<=|≤|<)\s*{NUMBER}\s*%?(?:\s*\(?([\w-]+)\)?)?", re.IGNORECASE
)

_BURDEN = re.compile(rf"TMB\s*(>=|≥|>|<=|≤|<)\s*{NUMBER}(?:\s*mut(?:ations)?/Mb)?", re.IGNORECASE)

_MICROSATELLITE = re.compile(
    r"MSI[ -]?H(?:igh)?|MSS|microsatellite[ -](?:stable|instability[ -]high)|MSI-stable", re.IGNORECASE
)

_JOINT = re.compile(r"(?:PD-?L1\s+)?(?:SP142\s+)?(TC\s*[0-3].*IC\s*[0-3].*|IC\s*[0-3].*TC\s*[0-3].*)", re.IGNORECASE)

_CUT_OF_GRADE = {1: ("1", "1"), 2: ("5", "5"), 3: ("50", "10")}
"""Grade -> percentages of TC and of IC from which SP142 gives it."""

_TURNED = re.compile(r"\s*(?:no|not)\s+(.+)", re.IGNORECASE)


def measure_status(question: str, measures: Iterable[Measure]) -> Status:
    """Answer ``PD-L1 TPS >= 50``, ``TMB >= 10`` or ``MSI-H`` from measures.

    A value on another scale, or of another antibody where the question names one, leaves the answer unknown; so do a
    value whose interval lies on both sides of the cut-off, and measures that contradict each other.

    Raises
    ------
    UsageError
        The question cannot be read.

    Examples
    --------
    >>> measure_status("PD-L1 TPS >= 50", [Measure(kind="PD-L1", value="TC3", assay="SP142", scale="TC")]).answer
    'unknown'
    """
    turned = _TURNED.fullmatch(question)
    if turned:
        return ~measure_status(turned[1], measures)
    plain, given = question.strip(), list(measures)
    joint = _JOINT.fullmatch(plain)
    if joint:
        return _joint(question, joint[1], [m for m in given if m.kind == "PD-L1"])
    expression, burden = _EXPRESSION.fullmatch(plain), _BURDEN.fullmatch(plain)
    if burden:
        return _compared(question, [m for m in given if m.kind == "TMB"], burden[1], float(burden[2]), "TMB")
    if expression and re.match(r"PD-?L1|TPS|CPS|TC|IC", plain, re.IGNORECASE):
        return _expression(question, expression, [m for m in given if m.kind == "PD-L1"])
    asked = _instability(plain)
    if asked:
        return _microsatellite(asked, [m for m in given if m.kind == "MSI"])
    raise UsageError(f"{question!r}: ask as in 'PD-L1 TPS >= 50', 'TMB >= 10', 'MSI-H' or 'dMMR'")


def _expression(question: str, found: re.Match[str], given: list[Measure]) -> Status:
    scale, sign, cut, antibody = found.groups()
    if scale is None:
        raise UsageError(f"{question!r}: name the scale (TPS, CPS, TC or IC)")
    own = [m for m in given if (m.scale or "").upper() == scale.upper()]
    if antibody:
        own = [m for m in own if (m.assay or "").upper() == antibody.upper()]
    if given and not own:
        said = "; ".join(map(str, given))
        return Status("unknown", f"{said}: another scale or assay than asked ({question.strip()}).")
    return _compared(question, own, sign, float(cut), f"PD-L1 {scale.upper()}")


def _joint(question: str, wanted: str, given: list[Measure]) -> Status:
    """Answer ``TC2/3 or IC2/3``: whether either grade reaches the lowest one named, from joint texts or both scales."""
    asked = read_joint_score(wanted)
    if asked is None or asked.high != 3 or asked.low == 0:
        raise UsageError(f"{question!r}: ask from a grade on, as in 'PD-L1 TC2/3 or IC2/3'")
    joint = [m for m in given if m.scale == "TC/IC" and m.state == "valid"]
    answers = {r.at_least(asked.low) for m in joint if (r := read_joint_score(m.value)) is not None}
    if answers:
        said = "; ".join(map(str, joint))
        if len(answers) > 1 or None in answers:
            return Status("unknown", f"{said} does not say whether {question.strip()}.")
        return Status("yes" if answers.pop() else "no", f"{said}.")
    tumour, immune = _CUT_OF_GRADE[asked.low]
    parts = [
        _compared(f"{scale} >= {cut}", [m for m in given if m.scale == scale], ">=", float(cut), f"PD-L1 {scale}")
        for scale, cut in (("TC", tumour), ("IC", immune))
    ]
    return parts[0] | parts[1]


def _compared(question: str, given: list[Measure], sign: str, cut: float, name: str) -> Status:
    read = [(m, m.interval) for m in given if m.state == "valid"]
    known = [(m, i) for m, i in read if i is not None]
    if not known:
        failed = "; ".join(f"{m.assay or m.kind}: {m.state}" for m in given if m.state != "valid")
        return Status("unknown", f"No result of {name}{f' ({failed})' if failed else ' on record'}.")
    answers = {_side(i, sign, cut) for _, i in known}
    said = "; ".join(str(m) for m, _ in known)
    if len(answers) > 1:
        return Status("unknown", f"{said}: results lie on both sides of {question.strip()}.")
    side = answers.pop()
    if side is None:
        return Status("unknown", f"{said} does not say whether {question.strip()}.")
    return Status("yes" if side else "no", f"{said}.")


def _side(interval: Interval, sign: str, cut: float) -> bool | None:
    sign = sign.replace("≥", ">=").replace("≤", "<=")
    if sign == ">=":
        return interval.at_least(cut)
    if sign == "<":
        reached = interval.at_least(cut)
        return None if reached is None else not reached
    above: bool | None = None  # strictly above the cut-off
    if interval.lower > cut or (interval.lower == cut and not interval.lower_in):
        above = True
    elif interval.upper <= cut:
        above = False
    return above if sign == ">" or above is None else not above


def _instability(plain: str) -> tuple[str, ...]:
    """States that a question asks for, any of which is a yes; none where it is another question."""
    out = []
    for part in re.split(r"\s*/\s*|\s+or\s+|\s*,\s*", plain, flags=re.IGNORECASE):
        state = microsatellite_state(part) if _MICROSATELLITE.fullmatch(part) else repair_state(part)
        if state is None or state == "indeterminate":
            return ()
        out.append(str(state))
    return tuple(dict.fromkeys(out))


def _microsatellite(wanted: tuple[str, ...], given: list[Measure]) -> Status:
    """Answer from tests of microsatellites and of mismatch repair, each for its own question.

    Where either is asked (``MSI-H or dMMR``), one of them is enough to say yes, and enough to say no.
    """
    read = [(m, microsatellite_state(m.value) or repair_state(m.value)) for m in given if m.state == "valid"]
    said = "; ".join(str(m) for m in given)
    tests = [("MSI-H", "MSS") if w in ("MSI-H", "MSS") else ("dMMR", "pMMR") for w in wanted]
    states = {s for _, s in read if any(s in t for t in tests)}
    if not states:
        if not given:
            return Status("unknown", f"No test of {_tests_named(tests)} is on record.")
        other = any(s in ("MSI-H", "MSS", "dMMR", "pMMR") for _, s in read)
        why = f"another test than asked ({' or '.join(wanted)})" if other else "no determinate result"
        return Status("unknown", f"{said}: {why}.")
    if any(set(t) <= states for t in tests):
        return Status("unknown", f"{said}: results contradict each other.")
    return Status("yes" if states & set(wanted) else "no", f"{said}.")


def _tests_named(tests: list[tuple[str, str]]) -> str:
    names = {"MSI-H": "microsatellites", "dMMR": "mismatch repair"}
    return " or ".join(dict.fromkeys(names[t[0]] for t in tests))


def measure_answers(scores: pl.DataFrame, question: str, subjects: pl.Series) -> pl.DataFrame:
    """Answer ``PD-L1 TPS >= 50``, ``TMB >= 10`` or ``MSI-H`` for every subject, as `measure_status` does for one.

    Returns
    -------
    polars.DataFrame
        USUBJID, ANSWER, STATE (``detected``, ``not detected``, ``not tested``, ``indeterminate``), REASON; sorted.

    Raises
    ------
    UsageError
        The question cannot be read.
    """
    measure_status(question, ())  # refuses a question that cannot be read, also where nobody has a score
    keys = ["KIND", "VALUE", "ASSAY", "SCALE"]
    # What subjects were measured as: few distinct sets, each judged once.
    own = (
        scores.filter(pl.col("PROBLEM").is_null())
        .select("USUBJID", pl.struct(keys).alias("one"))
        .unique()
        .sort("USUBJID", "one")
        .group_by("USUBJID", maintain_order=True)
        .agg(pl.col("one").struct.json_encode().str.join("\n").alias("set"), pl.col("one"))
    )
    kinds = own.unique("set", maintain_order=True)
    judged = []
    for name, rows in kinds.select("set", "one").iter_rows():
        status = measure_status(question, [_measure(row) for row in rows])
        judged.append((name, status.answer, status.reason))
    table = pl.DataFrame(judged, schema=dict.fromkeys(("set", "ANSWER", "REASON"), pl.String), orient="row")
    people = pl.DataFrame({"USUBJID": subjects.cast(pl.String)}).unique().drop_nulls()
    unread = scores.filter(pl.col("PROBLEM").is_not_null()).select("USUBJID", bad=pl.lit(value=True)).unique()
    out = people.join(own.select("USUBJID", "set"), on="USUBJID", how="left").join(table, on="set", how="left")
    out = out.join(unread, on="USUBJID", how="left").sort("USUBJID")
    none = (
        pl.when(pl.col("bad"))
        .then(pl.lit("The score on record cannot be read."))
        .otherwise(pl.lit("No score on record."))
    )
    tested = pl.col("set").is_not_null() & ~pl.col("REASON").fill_null("").str.contains(
        "another scale|another test|on record"
    )
    return out.select(
        "USUBJID",
        ANSWER=pl.col("ANSWER").fill_null("unknown"),
        STATE=pl.col("ANSWER")
        .replace_strict({"yes": "detected", "no": "not detected"}, default=None, return_dtype=pl.String)
        .fill_null(pl.when(tested | pl.col("bad")).then(pl.lit("indeterminate")).otherwise(pl.lit("not tested"))),
        REASON=pl.coalesce("REASON", none),
    )


def _measure(row: Mapping[str, str | None]) -> Measure:
    return Measure(kind=row["KIND"], value=row["VALUE"] or "", assay=row["ASSAY"], scale=row["SCALE"])  # type: ignore[arg-type]
