"""The configuration of plain tables: the patients and their times, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from codon12.init.assessed import told_apart, with_responses_first
from codon12.init.belief import Question
from codon12.init.deaths import ask_whole, settle_deaths, without_roles
from codon12.init.derived import age_made, derived_columns
from codon12.init.entered import with_entries
from codon12.init.events import ask_dates, ask_days, events_table, visits_table
from codon12.init.happened import adverse_table, of_therapies, therapies_table
from codon12.init.joins import with_joins
from codon12.init.judged import response_words
from codon12.init.lacking import ask_lacking
from codon12.init.lines import first_lines, of_the_first_line
from codon12.init.markers import with_markers
from codon12.init.plan import Plan
from codon12.init.population import ask_population
from codon12.init.profiles import plan_profiles, same_patients
from codon12.init.scores import SCORES, score_covariates
from codon12.init.sections import (
    dated_columns,
    head,
    join_sections,
    mapped_columns,
    place_of,
    read_values,
    reading,
    time_sections,
    times_table,
    unused_columns,
)
from codon12.init.subjects import SUBJECT_ROLES, keyed, subjects, which_key
from codon12.init.tables import Join, Known
from codon12.init.times import TimeBelief, believe_times
from codon12.init.toml_text import comment, inline, string
from codon12.init.uses import say_uses
from codon12.init.vocabulary import gene_roles, spoken_word, words_of
from codon12.records.subjects.adsl import ADSL_COLUMNS

__all__ = ["plan_tables"]

_BASELINE = (
    *gene_roles(),
    *("AGE", "AGEGR1", "SEX", "RACE", "ECOG", "KPS", "SMOKING", "HIST", "STAGE", "LINE", "LINES", "DRUG_TYPE", "MSI"),
    "DCB",
)


_NOT_OF_PATIENTS = (
    *("SIZE", "LESION", "GROUP", "LOCATION", "VISIT", "ASSDT"),
    *("GENE", "PROTEIN", "VARIANT", "VAF", "RESULT", "CODE_OF", "CODE", "MEANING"),
    *("TERM", "GRADE", "ONSET", "RESOLVED", "CAUSAL", "SERIOUS", "METHOD", "STATE", "SETTING"),
)

_NAMES = {"ARM": "TRT01P"}


def plan_tables(known: list[Known], answers: Mapping[str, str]) -> Plan:
    """Write the tables of a study from what each is taken for."""
    plan = Plan()
    found = subjects(known, answers, plan)
    used: dict[int, str] = {}
    if found is None:
        plan.notes.append("No table was taken for one of patients; without one there is nothing to report.")
        plan.questions += [q for k in known if (q := which_key(k)) is not None]
        say_uses(known, used, plan, None)
        return plan
    known = _with_found(known, found)
    main = keyed(found, known)
    used[id(found)] = "ADSL"
    others = [k for k in known if k is not found and k.column("USUBJID") is not None]
    events = [k for k in others if k.kind in ("lesions", "responses") and same_patients(k, main)]
    undated = [k for k in events if k.confidence == "unsure"]
    events = [k for k in events if k.confidence != "unsure"]
    plan.notes += [
        f"{place_of(k)}: no date of its examinations was recognised, so nothing is made of it." for k in undated
    ]
    events = with_responses_first(events, plan)
    if events:
        plan.format = "sdtm"
    adverse = next((k for k in others if k.kind == "events" and same_patients(k, main)), None)
    therapies = next((k for k in others if of_therapies(k) and same_patients(k, main)), None) if events else None
    apart = [k for k in (adverse, therapies) if k is not None]
    if apart:
        plan.format = "sdtm"
    elsewhere = [k for k in known if k is not found and k.kind not in ("mutations", "dictionary")]
    elsewhere = [k for k in elsewhere if all(k is not a for a in apart)]
    main, joined = with_joins(main, elsewhere, (*SUBJECT_ROLES, *(() if events else ("BOR",))))
    main, marked = with_markers(main, elsewhere)
    main, entered = with_entries(main, elsewhere)
    plan.notes += [*joined, *marked, *entered]
    main, doubts = settle_deaths(main, elsewhere, exact=bool(events or visits_table(main)))
    main, whole = ask_whole(main, answers)
    plan.questions += whole
    for doubt in doubts:
        plan.notes.append(f"Who died is not clear, and no survival was made of dates: {doubt}.")
    main = _of_patients(main)
    times, said = believe_times(main)
    if main.kind == "patients" and not events and not visits_table(main):
        plan.questions += ask_lacking(main, survival="OS" in {t.param for t in times})
    if not events and main.column("LSTALVDT") is None and "OS" not in {t.param for t in times}:
        main = without_roles(main, ("DTHDT",), "not used, as no column has the last contact of the living")
    for kind, names in (("lesions", ("TR", "TU")), ("responses", ("RS",))):
        rows = next((k for k in events if k.kind == kind), None)
        if rows is not None and used.setdefault(id(rows), names[0]) == names[0]:
            events_table(rows, kind, plan)
    for rows, write, name in ((adverse, adverse_table, "AE"), (therapies, therapies_table, "CM")):
        if rows is not None:
            used[id(rows)] = name
            write(rows, plan)
    visits = visits_table(main)
    if visits and not events:
        plan.format = "sdtm"
        plan.lines += visits
    events = events or ([main] if visits else [])
    # sizes alone tell of no new lesion: what the table of patients says of progression and response goes before them
    known_times = {t.param for t in times}
    sizes = bool(events) and all(k.kind == "lesions" for k in events) and {"OS", "PFS"} <= known_times
    best, progress = main.column("BOR"), main.column("PROGDT")
    counted = [c.column for c in (best, progress) if c is not None]
    if sizes and best is None:
        plan.assumed.append(
            f"{place_of(events[0])}: best responses follow from the sizes of lesions, which tell of no new lesion; "
            f"{progress.column if progress else 'PFS'} of the table of patients counts for PFS alone."
        )
    elif sizes:
        said_so = f"{' and '.join(counted)} of the table of patients count"
        plan.notes.append(f"{said_so}; the sizes of lesions are shown as sums beside them.")
    elif events:
        plan.assumed += told_apart(main, events, [k for k in elsewhere if all(k is not e for e in events)])
        plan.notes += plan.assumed
    with_times = times if sizes else [t for t in times if not (events and _derived(t, main))]
    _subject_table(main, with_times, said, plan, answers, best=sizes or not events)
    for other in others:
        if other.kind == "patients" and id(other) not in used and same_patients(other, main):
            own, _ = believe_times(other)
            lacking = [t for t in own if t.param not in {x.param for x in times}]
            if lacking and "ADTTE" not in used.values():
                used[id(other)] = "ADTTE"
                plan.lines += times_table(other, lacking)
    plan_profiles(known, main, used, plan)
    used[id(main)] = "ADSL"
    settled = [main if k is found else _as_joined(k, main) for k in known]
    for was, now in zip(known, settled, strict=True):
        join = _join_of(was, main)
        if join is not None:
            used[id(now)] = used.get(id(was), f"ADSL.{join.name}")
    say_uses(settled, used, plan, main)
    return plan


def _with_found(known: list[Known], found: Known) -> list[Known]:
    """The tables with that of patients among them, where one row of several was taken of each patient."""
    if any(k is found for k in known):
        return known
    of_events = next((k for k in known if k.seen.place == found.seen.place and k.kind is not None), None)
    if of_events is not None:
        return [*known, found]
    return [found if k.seen.place == found.seen.place else k for k in known]


def _join_of(known: Known, main: Known) -> Join | None:
    """The first join that takes columns of a table, or of some of its rows."""
    own = known.seen
    there = ((j, j.other.seen) for j in main.joins)
    return next(
        (j for j, o in there if (o.file, o.sheet) == (own.file, own.sheet) and own.where in (None, o.where)), None
    )


def _as_joined(known: Known, main: Known) -> Known:
    """A table of which columns are joined, with its key as what it is."""
    join = _join_of(known, main)
    if join is None:
        return known
    columns = tuple(
        (msgspec.structs.replace(b, role="USUBJID", confidence="likely", why=f"its cells are those of {join.on}"), v)
        if b.column == join.key
        else (b, v)
        for b, v in known.columns
    )
    return msgspec.structs.replace(known, columns=columns, why=join.why, confidence="likely")


def _of_patients(main: Known) -> Known:
    """Take no column for what a table of patients has no use for: Taille is a height there, and no size of a lesion."""
    columns = tuple(
        (
            msgspec.structs.replace(b, confidence="unsure", why=f"{b.why}; but a table of patients has no use for it")
            if b.role in _NOT_OF_PATIENTS
            else b,
            v,
        )
        for b, v in main.columns
    )
    return msgspec.structs.replace(main, columns=columns)


def _derived(time: TimeBelief, main: Known) -> bool:
    """Whether a time made of dates is derived from the records anyway."""
    return main.column(f"{time.param}_TIME") is None and main.column("TRTSDT") is not None


def _subject_table(
    main: Known, times: list[TimeBelief], said: list[str], plan: Plan, answers: Mapping[str, str], *, best: bool
) -> None:
    ask_dates(main, plan)
    line = main.column("LINE")
    where = ask_population(main, answers, plan)
    derived = plan.format == "sdtm" and main.column("VITAL") is not None
    if main.kind == "lines" and line is not None:
        first = (first_lines(main.cells(line).unique().to_list()) or ("1",))[0]
        of_line = of_the_first_line(line.column, main.cells(line))[1]
        where = of_line if where is None else f"{where} AND {of_line}"
        plan.questions.append(
            Question(
                about=place_of(main),
                text="One row a line of therapy: which line is the study's?",
                choices=(first,),
                default=first,
            )
        )
    lines = head(main, "ADSL", where)
    if main.kind == "lines" and line is not None:
        lines.append("# unsure: one row a line of therapy; each patient's first line is read.")
    lines += reading(main, SUBJECT_ROLES)
    lines += derived_columns(main, SUBJECT_ROLES, died=derived)
    lines += [*mapped_columns(main, "ADSL", SUBJECT_ROLES, _NAMES), *dated_columns(main, "ADSL", SUBJECT_ROLES)]
    lines += ask_days(main, answers, plan)
    lines += join_sections(main, "ADSL")
    lines += [*read_values(main, "ADSL", SUBJECT_ROLES, _NAMES), *time_sections(times, "ADSL")]
    lines += [f"# {comment(note)}" for note in said]
    plan.notes += said
    asked = (*SUBJECT_ROLES, *(("BOR",) if best else ()))
    unused = [b for b, _ in main.columns if b.role is None or b.role not in asked or b.confidence == "unsure"]
    unused = [b for b in unused if b.role not in SUBJECT_ROLES]
    rest = [b for b in unused if not (b.role or "").endswith(("_TIME", "_STATUS")) or b.confidence == "unsure"]
    named = [b for b in rest if b.column.strip().upper() in ADSL_COLUMNS]
    for heading, found in (
        ("# Columns that are read under their own names, though not mapped here:", named),
        ("# Columns that are not used, and why:", [b for b in rest if b not in named]),
    ):
        lines += unused_columns(found, heading)
    lines += [*(_best_response(main, where) if best else ()), *score_covariates(main)]
    age = age_made(main)
    plan.assumed += [age.assumed] if age is not None and age.assumed is not None else []
    have = main.roles() | ({"AGE"} if age is not None else set())
    baseline = [r for r in _BASELINE if r in have]
    made = [f"{r}VALUE" for r in SCORES if r in have]
    top = [f"baseline = {inline([*baseline, *made])}"] if baseline or made else []
    plan.lines = [*top, *plan.lines, *lines]


def _best_response(main: Known, where: str | None) -> Iterator[str]:
    bor, subject = main.column("BOR"), main.column("USUBJID")
    if bor is None or subject is None:
        return
    yield from head(main, "ADRS", where)
    yield 'constants = { PARAMCD = "BOR" }  # best response as the file has it, whether confirmed is not said'
    words = next(v.missing for b, v in main.columns if b is bor)
    # a word for missing elsewhere may mean not evaluable here: NV, non valutabile
    read = bor.values | response_words(w for w in words if spoken_word(w) in words_of("NE"))
    words = tuple(w for w in words if w not in read)
    if words:
        yield f"missing = {inline(words)}  # likely: no best response; such patients are not in the response rates"
    yield ""
    yield "[tables.ADRS.columns]"
    yield f"USUBJID = {string(subject.column)}"
    yield f"AVALC = {string(bor.column)}  # {bor.confidence}: {comment(bor.why)}"
    yield from dated_columns(main, "ADRS", ())
    if read:
        yield ""
        yield "[tables.ADRS.values]"
        yield f"AVALC = {inline(read)}"
    if any(bor.column in j.columns for j in main.joins):
        yield from join_sections(main, "ADRS")
