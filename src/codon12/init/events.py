"""Lesions and responses: one row each, or a column for each visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codon12.init.belief import Question
from codon12.init.judged import response_words
from codon12.init.plan import Plan
from codon12.init.roles import DATE_ROLES
from codon12.init.sections import (
    dated_columns,
    head,
    mapped_columns,
    place_of,
    read_values,
    reading,
    unused_of_events,
)
from codon12.init.tables import Known
from codon12.init.toml_text import inline, key, string
from codon12.init.visits import wide_families

__all__ = ["ask_dates", "ask_days", "events_table", "visits_table"]

_LESION = {
    "USUBJID": "USUBJID",
    "LESION": "TRLNKID",
    "GROUP": "TRGRPID",
    "SIZE": "TRSTRESN",
    "ASSDT": "TRDTC",
    "VISIT": "VISIT",
    "LOCATION": "TRLOC",
    "METHOD": "TRMETHOD",
    "STATE": "TRSTRESC",
}


_RESPONSE = {"USUBJID": "USUBJID", "BOR": "RSSTRESC", "ASSDT": "RSDTC", "VISIT": "VISIT"}


def ask_dates(known: Known, plan: Plan) -> None:
    """Ask for the order of dates that could be either."""
    for belief, values in known.columns:
        if belief.role in DATE_ROLES and values.dates is not None and values.dates.choices:
            plan.questions.append(
                Question(
                    about=f"{place_of(known)}, {belief.column}",
                    text=f"Dates such as {values.dates.example} can be read in two orders. Which is it?",
                    choices=tuple(" or ".join(c) for c in values.dates.choices),
                    key=f"date:{place_of(known)}:{belief.column}",
                )
            )


def ask_days(known: Known, answers: Mapping[str, str], plan: Plan) -> Iterator[str]:
    """Ask which day counts of a death that has a month alone, and give the section that says so."""
    belief = known.column("DTHDT")
    dates = next((v.dates for b, v in known.columns if b is belief), None)
    if belief is None or dates is None or not dates.months:
        return
    question = Question(
        about=f"{place_of(known)}, {belief.column}",
        text=f"Dates of death such as {dates.example} have a month and no day. Which day of it counts?",
        choices=("middle", "first", "last"),
        default="middle",
        key=f"days:{place_of(known)}:{belief.column}",
    )
    plan.questions.append(question)
    yield ""
    yield "[tables.ADSL.days]"
    day = answers.get(question.key, "middle")
    yield f"{key(belief.column)} = {string(day)}  # unsure: first, middle (the 15th) or last"


def events_table(rows: Known, kind: str, plan: Plan) -> None:
    """Write a table of lesions or responses."""
    ask_dates(rows, plan)
    table, names = ("TR", _LESION) if kind == "lesions" else ("RS", _RESPONSE)
    roles = tuple(names)
    size = rows.column("SIZE")
    unit = size.unit if size is not None and size.unit in ("mm", "cm") else None
    constants = (
        {"TRTESTCD": "DIAMETER", "TREVAL": "INVESTIGATOR"}
        if table == "TR"
        else {"RSTESTCD": "OVRLRESP", "RSEVAL": "INVESTIGATOR"}
    )
    if table == "TR" and unit:
        constants["TRSTRESU"] = unit
    if table == "TR" and rows.column("GROUP") is None:
        constants["TRGRPID"] = "TARGET"
    lines = head(rows, table)
    lacks = "" if unit or table == "RS" else "; the unit is not stated"
    lines.append(f"constants = {inline(constants)}  # likely: of the investigator{lacks}")
    lines += [
        *reading(rows, roles),
        *mapped_columns(rows, table, roles, names),
        *dated_columns(rows, table, roles),
        *read_values(rows, table, roles, names),
        *unused_of_events(rows, roles),
    ]
    if table == "TR":
        place = rows.column("LOCATION")
        if place is not None:
            lines += head(rows, "TU")
            identified = {"TUEVAL": "INVESTIGATOR", "TUTESTCD": "TUMIDENT"}
            if rows.column("GROUP") is None:
                identified["TUSTRESC"] = "TARGET"
            lines += [f"constants = {inline(identified)}", *reading(rows, roles)]
            subset = {
                "USUBJID": "USUBJID",
                "LESION": "TULNKID",
                "GROUP": "TUSTRESC",
                "LOCATION": "TULOC",
                "ASSDT": "TUDTC",
            }
            lines += [*mapped_columns(rows, "TU", tuple(subset), subset), *dated_columns(rows, "TU", roles)]
            lines += read_values(rows, "TU", tuple(subset), subset)
    plan.lines += lines


def visits_table(main: Known) -> list[str]:
    """Assessments of a wide table, where it has a response and a date for each of several visits."""
    said = {b.column: b.alternatives[0] for b, _ in main.columns if b.role is None and b.alternatives}
    subject = main.column("USUBJID")
    by_role: dict[str, tuple[str, dict[str, str]]] = {}
    for name, visits in wide_families(list(main.seen.frame.columns)).items():
        role = next((said[c] for c in visits.values() if c in said), None)
        if role in ("BOR", "ASSDT", *DATE_ROLES):
            by_role.setdefault("BOR" if role == "BOR" else "ASSDT", (name, visits))
    if set(by_role) != {"BOR", "ASSDT"} or subject is None:
        return []
    (words, visits), (dates, _) = by_role["BOR"], by_role["ASSDT"]
    read = {w: r for b, v in main.columns if b.column in visits.values() for w, r in response_words(v.words).items()}
    values = {c: v.dates for b, v in main.columns if b.column in by_role["ASSDT"][1].values() for c in (b.column,)}
    formats = {f for d in values.values() if d is not None for f in d.formats}
    if any(d is not None and d.choices and not formats for d in values.values()):
        return ["# A wide table of visits; the order of day and month in its dates is not clear, so it is not read."]
    lines = [
        *head(main, "RS"),
        f"visits = {inline(list(visits))}  # likely: one column a visit; the number stands for {{}}",
    ]
    lines += ['constants = { RSTESTCD = "OVRLRESP", RSEVAL = "INVESTIGATOR" }  # likely: judged by the investigator']
    lines += ["", "[tables.RS.columns]", f"USUBJID = {string(subject.column)}"]
    lines += [f"RSDTC = {string(dates)}", f"RSSTRESC = {string(words)}"]
    if formats:
        lines += ["", "[tables.RS.dates]", f"{key(dates)} = {inline(sorted(formats))}"]
    if read:
        lines += ["", "[tables.RS.values]", f"RSSTRESC = {inline(read)}"]
    return lines
