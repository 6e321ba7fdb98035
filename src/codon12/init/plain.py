"""The configuration of plain tables: what is believed, as ``codon12.toml`` with a reason in every line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from codon12.init.belief import ColumnBelief, Question, TableBelief
from codon12.init.columns import DATE_ROLES
from codon12.init.tables import Known, overlap
from codon12.init.times import TimeBelief, believe_times, quoted
from codon12.init.toml_text import comment, inline, key, string
from codon12.init.vocabulary import genes

__all__ = ["Plan", "plan_tables"]

_SUBJECT_ROLES = (
    *("USUBJID", "STUDYID", "SITEID", "SEX", "AGE", "AGEGR1", "BRTHDT", "RACE", "ETHNIC", "ARM", "DRUG_TYPE"),
    *("DIAGDT", "RANDDT", "TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT", "PROGDT", "VITAL", "ECOG", "SMOKING", "HIST"),
    *(f"{gene}MUT" for gene in genes()),
    *("STAGE", "LINE", "LINES", "PRIOR", "METSITES", "PDL1", "TMB", "BTMB", "MSI", "ALB", "NLR", "DCB", "CANCER_TYPE"),
)
_GENES = ("KRAS", "STK11", "KEAP1", "TP53", "EGFR")
"""Asked of mutations, where they are called at all."""
_BASELINE = (
    *(f"{gene}MUT" for gene in genes()),
    *("AGE", "AGEGR1", "SEX", "RACE", "ECOG", "SMOKING", "HIST", "STAGE", "LINE", "LINES", "DRUG_TYPE", "MSI", "DCB"),
)
_NAMES = {"ARM": "TRT01P"}
_NUMBERS = ("TMB", "BTMB", "ALB", "NLR")


class Plan(msgspec.Struct, kw_only=True):
    """What plain tables give."""

    lines: list[str] = []
    format: str = "tables"
    tables: list[TableBelief] = []
    questions: list[Question] = []
    notes: list[str] = []
    missing: set[str] = set()


def plan_tables(known: list[Known], answers: Mapping[str, str]) -> Plan:
    """Write the tables of a study from what each is taken for."""
    plan = Plan()
    subjects = _subjects(known, answers, plan)
    used: dict[int, str] = {}
    if subjects is None:
        plan.notes.append("No table was taken for one of patients; without one there is nothing to report.")
        _believed(known, used, plan)
        return plan
    main = _keyed(subjects, known)
    used[id(subjects)] = "ADSL"
    others = [k for k in known if k is not subjects and k.column("USUBJID") is not None]
    events = [k for k in others if k.kind in ("lesions", "responses") and _same_patients(k, main)]
    if events:
        plan.format = "sdtm"
    times, said = believe_times(main)
    for kind, names in (("lesions", ("TR", "TU")), ("responses", ("RS",))):
        rows = next((k for k in events if k.kind == kind), None)
        if rows is not None and used.setdefault(id(rows), names[0]) == names[0]:
            _events_table(rows, kind, plan)
    with_times = [t for t in times if not (events and _derived(t, main))]
    _subject_table(main, with_times, said, plan, extra=[] if events else [*_best_response(main, plan)])
    for other in others:
        if other.kind == "patients" and id(other) not in used and _same_patients(other, main):
            own, _ = believe_times(other)
            lacking = [t for t in own if t.param not in {x.param for x in times}]
            if lacking and "ADTTE" not in used.values():
                used[id(other)] = "ADTTE"
                _times_table(other, lacking, plan)
    _profiles(known, main, used, plan)
    _believed(known, used, plan)
    return plan


def _derived(time: TimeBelief, main: Known) -> bool:
    """Whether a time made of dates is derived from the records anyway."""
    return main.column(f"{time.param}_TIME") is None and main.column("TRTSDT") is not None


def _same_patients(other: Known, main: Known) -> bool:
    mine, theirs = other.column("USUBJID"), main.column("USUBJID")
    return mine is not None and theirs is not None and overlap(other.cells(mine), main.cells(theirs)) >= 0.5


def _subjects(known: list[Known], answers: Mapping[str, str], plan: Plan) -> Known | None:
    """The table of patients: most of what a report needs; other cohorts of the same shape are a question."""
    found = [k for k in known if k.kind in ("patients", "lines")]
    if not found:
        return None

    def score(k: Known) -> tuple[float, int, int]:
        times, _ = believe_times(k)
        sample = 3 if k.column("SAMPLE_ID") is not None and any(o.kind == "samples" for o in known) else 0
        return (
            len(k.roles() & set(_SUBJECT_ROLES)) + 2 * len(times) - sample - (k.kind == "lines"),
            k.seen.frame.height,
            -known.index(k),
        )

    best = max(found, key=score)
    others = [k for k in found if k is not best and not _same_patients(k, best)]
    alike = [k for k in found if k is not best and _shape(k, best) > 0.6]
    rivals = list({id(k): k for k in [*others, *alike]}.values())
    if rivals:
        names = tuple(_place(k) for k in [best, *rivals])
        question = Question(
            about=best.seen.file,
            text="Several tables hold patients of their own. Which is the study? The others are not read; to pool them "
            "list them one below the other as [[tables.ADSL]] (docs/configuration.md).",
            choices=names,
            default=names[0],
            key="subjects",
        )
        plan.questions.append(question)
        best = next((k for k in found if _place(k) == answers.get("subjects")), best)
    return best


def _shape(one: Known, other: Known) -> float:
    mine, theirs = set(one.seen.frame.columns), set(other.seen.frame.columns)
    return len(mine & theirs) / max(1, len(mine | theirs))


def _place(known: Known) -> str:
    return f"{known.seen.file}, sheet {known.seen.sheet}" if known.seen.sheet else known.seen.file


def _keyed(main: Known, known: list[Known]) -> Known:
    """Take the column for the patient that the mutations name, where the samples of a table are its patients."""
    mutations = [k for k in known if k.kind == "mutations"]
    samples = [k for k in known if k.kind == "samples"]
    sample = next((b for b, v in main.columns if b.role == "SAMPLE_ID" and v.distinct == v.rows), None)
    key_ = main.column("USUBJID")
    named = [m.cells(c) for m in mutations if (c := m.column("SAMPLE_ID")) is not None]
    linked = sample is not None and not samples and any(overlap(cells, main.cells(sample)) > 0.5 for cells in named)
    if sample is None or not (key_ is None or linked):
        return main
    why = f"{sample.why}; " + ("the mutations name it too" if linked else "no other column names the patient")
    out = []
    for belief, values in main.columns:
        if belief is key_:
            out.append((_as(belief, role="SUBJID", confidence=belief.confidence), values))
        elif belief is sample:
            out.append((_as(belief, role="USUBJID", confidence="likely", why=why), values))
        else:
            out.append((belief, values))
    fields = {f: getattr(main, f) for f in Known.__struct_fields__}
    return Known(**(fields | {"columns": tuple(out)}))


def _as(belief: ColumnBelief, **changes: object) -> ColumnBelief:
    fields = {f: getattr(belief, f) for f in ColumnBelief.__struct_fields__}
    return ColumnBelief(**(fields | changes))  # pyrefly: ignore[bad-argument-type]


def _head(known: Known, table: str) -> list[str]:
    seen = known.seen
    out = ["", f"# {comment(_place(known))}: {known.confidence}: {comment(known.why)}."]
    if seen.sampled:
        out.append("# Only the head of the file was looked at; keys and codes further down may differ.")
    out += [f"[tables.{table}]", f"file = {string(seen.file)}"]
    if seen.sheet is not None:
        out.append(f"sheet = {string(seen.sheet)}")
    if seen.header is not None:
        out.append(f"header = {seen.header}  # sure: the rows above it are no table")
    if known.fill:
        out.append(f"fill = {inline(known.fill)}  # likely: merged cells, the key stands once over several rows")
    return out


def _reading(known: Known, roles: tuple[str, ...]) -> list[str]:
    """Decimal commas, words for missing, formats of dates: of the columns that are used."""
    used = [(b, v) for b, v in known.columns if b.role in roles or (b.role or "").endswith(("_TIME", "_STATUS"))]
    used = [(b, v) for b, v in used if b.confidence != "unsure"]
    out = []
    if any(v.comma for _, v in used):
        where = next(b.column for b, v in used if v.comma)
        out.append(f'decimal = ","  # sure: {comment(where)} has decimal commas')
    missing = sorted({w for _, v in used for w in v.missing})
    if missing:
        out.append(f"missing = {inline(missing)}  # likely: words for a missing value")
    return out


def _dates(known: Known, table: str, roles: tuple[str, ...]) -> Iterator[str]:
    dated = [b for b, _ in known.columns if b.role in DATE_ROLES and b.role in roles and b.formats]
    sure = [b for b in dated if b.confidence != "unsure"]
    if sure:
        yield ""
        yield f"[tables.{table}.dates]"
    for belief in sure:
        given = belief.formats[0] if len(belief.formats) == 1 else list(belief.formats)
        yield f"{key(belief.column)} = {inline(given)}  # sure: no other order reads its cells"


def _questions_of_dates(known: Known, plan: Plan) -> None:
    for belief, values in known.columns:
        if belief.role in DATE_ROLES and values.dates is not None and values.dates.choices:
            plan.questions.append(
                Question(
                    about=f"{_place(known)}, {belief.column}",
                    text=f"Dates such as {values.dates.example} can be read in two orders. Which is it?",
                    choices=tuple(" or ".join(c) for c in values.dates.choices),
                    key=f"date:{_place(known)}:{belief.column}",
                )
            )


def _columns(known: Known, table: str, roles: tuple[str, ...], names: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield f"[tables.{table}.columns]"
    for belief, values in known.columns:
        if belief.role is None or belief.role not in roles:
            continue
        name = names.get(belief.role, belief.role)
        also = f"; or {', '.join(belief.alternatives)}" if belief.alternatives else ""
        if values.dates is not None and values.dates.choices and belief.role in DATE_ROLES:
            also += "; formats: " + " or ".join(" / ".join(c) for c in values.dates.choices)
        off = "# " if belief.confidence == "unsure" else ""
        yield f"{off}{name} = {string(belief.column)}  # {belief.confidence}: {comment(belief.why)}{comment(also)}"


def _values(known: Known, table: str, roles: tuple[str, ...], names: Mapping[str, str]) -> Iterator[str]:
    coded = [
        b for b, _ in known.columns if b.role in roles and b.values and b.confidence != "unsure" and b.role != "VITAL"
    ]
    if coded:
        yield ""
        yield f"[tables.{table}.values]"
    for belief in coded:
        yield f"{names.get(str(belief.role), str(belief.role))} = {inline(belief.values)}"


def _times(times: list[TimeBelief], table: str) -> Iterator[str]:
    for time in times:
        yield ""
        yield f"# {comment(time.why, 600)}"
        yield f"[tables.{table}.times.{time.param}]"
        yield f"time = {string(time.time)}"
        yield f"status = {string(time.status)}"
        if time.dated:
            yield 'dated = "event"'
        else:
            yield f"event = {inline(time.event)}"
            yield f"censored = {inline(time.censored)}"
        yield f"unit = {string(time.unit)}"
        if time.label:
            yield f"label = {string(time.label)}"


def _subject_table(main: Known, times: list[TimeBelief], said: list[str], plan: Plan, extra: list[str]) -> None:
    _questions_of_dates(main, plan)
    lines = _head(main, "ADSL")
    line = main.column("LINE")
    if main.kind == "lines" and line is not None:
        first = str(main.cells(line).drop_nulls().sort()[0]) if main.cells(line).drop_nulls().len() else "1"
        where = f"{quoted(line.column)} = '{first}'"
        lines.append(f"where = {string(where)}  # unsure: one row a line of therapy; each patient's first line is read")
        plan.questions.append(
            Question(
                about=_place(main),
                text="One row a line of therapy: which line is the study's?",
                choices=(first,),
                default=first,
            )
        )
    lines += _reading(main, _SUBJECT_ROLES)
    lines += [*_columns(main, "ADSL", _SUBJECT_ROLES, _NAMES), *_dates(main, "ADSL", _SUBJECT_ROLES)]
    lines += [*_values(main, "ADSL", _SUBJECT_ROLES, _NAMES), *_times(times, "ADSL")]
    lines += [f"# {comment(note)}" for note in said]
    plan.notes += said
    unused = [b for b, _ in main.columns if b.role is None or b.role not in _SUBJECT_ROLES]
    rest = [b for b in unused if not (b.role or "").endswith(("_TIME", "_STATUS")) or b.confidence == "unsure"]
    if rest:
        lines += ["", "# Columns that are not used, and why:"]
        lines += [f"# {comment(b.column)}: {b.confidence}: {_meant(b)}{comment(b.why)}" for b in rest[:100]]
    lines += [*extra, *_covariates(main)]
    have = main.roles()
    baseline = [r for r in _BASELINE if r in have]
    made = [f"{r}VALUE" for r in ("PDL1", *_NUMBERS) if r in have]
    top = [f"baseline = {inline([*baseline, *made])}"] if baseline or made else []
    plan.lines = [*top, *plan.lines, *lines]


def _meant(belief: ColumnBelief) -> str:
    meant = [r for r in (belief.role, *belief.alternatives) if r]
    return f"{' or '.join(meant)}? " if meant else ""


def _covariates(main: Known) -> Iterator[str]:
    for role in ("PDL1", *_NUMBERS):
        belief = main.column(role)
        if belief is None:
            continue
        scale = "TPS" if "tps" in belief.column.lower() else None
        text = f"CAST({role} AS VARCHAR)"
        number = f"REPLACE({text}, ',', '.')" if any(v.comma for b, v in main.columns if b is belief) else text
        cuts = {"PDL1": ("[1, 50]", '["<1", "1-49", ">=50"]'), "TMB": ("[10]", '["<10", ">=10"]')}.get(role)
        name = {"PDL1": f"PD-L1{f' {scale}' if scale else ''}, %", "TMB": "Mutations per megabase"}.get(
            role, belief.column
        )
        yield ""
        if role == "PDL1" and scale is None:
            yield "# The scale (TPS, CPS, TC, IC) is not stated; say it in the label."
        yield f"[covariates.{role}VALUE]"
        yield f"expression = {string(f'TRY_CAST({number} AS DOUBLE)')}"
        if cuts:
            yield f"cuts = {cuts[0]}  # likely: the usual bounds"
            yield f"labels = {cuts[1]}"
        yield f"label = {string(comment(name))}"


def _best_response(main: Known, plan: Plan) -> Iterator[str]:
    bor, subject = main.column("BOR"), main.column("USUBJID")
    if bor is None or subject is None:
        return
    yield from _head(main, "ADRS")
    yield 'constants = { PARAMCD = "BOR" }  # best response as the file has it, whether confirmed is not said'
    words = next(v.missing for b, v in main.columns if b is bor)
    if words:
        yield f"missing = {inline(words)}"
    yield ""
    yield "[tables.ADRS.columns]"
    yield f"USUBJID = {string(subject.column)}"
    yield f"AVALC = {string(bor.column)}  # {bor.confidence}: {comment(bor.why)}"
    if bor.values:
        yield ""
        yield "[tables.ADRS.values]"
        yield f"AVALC = {inline(bor.values)}"


def _times_table(other: Known, times: list[TimeBelief], plan: Plan) -> None:
    plan.lines += [*_head(other, "ADTTE"), *_reading(other, ("USUBJID",)), *_columns(other, "ADTTE", ("USUBJID",), {})]
    plan.lines += [*_dates(other, "ADTTE", DATE_ROLES), *_times(times, "ADTTE")]


_LESION = {
    "USUBJID": "USUBJID",
    "LESION": "TRLNKID",
    "GROUP": "TRGRPID",
    "SIZE": "TRSTRESN",
    "ASSDT": "TRDTC",
    "VISIT": "VISIT",
    "LOCATION": "TRLOC",
}
_RESPONSE = {"USUBJID": "USUBJID", "BOR": "RSSTRESC", "ASSDT": "RSDTC", "VISIT": "VISIT"}


def _events_table(rows: Known, kind: str, plan: Plan) -> None:
    _questions_of_dates(rows, plan)
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
    lines = _head(rows, table)
    lines.append(
        f"constants = {inline(constants)}  # likely: measured by the investigator{'' if unit or table == 'RS' else '; the unit is not stated'}"
    )
    lines += [
        *_reading(rows, roles),
        *_columns(rows, table, roles, names),
        *_dates(rows, table, roles),
        *_values(rows, table, roles, names),
    ]
    if table == "TR":
        place = rows.column("LOCATION")
        if place is not None:
            lines += _head(rows, "TU")
            lines += ['constants = { TUEVAL = "INVESTIGATOR" }', *_reading(rows, roles)]
            subset = {
                "USUBJID": "USUBJID",
                "LESION": "TULNKID",
                "GROUP": "TUGRPID",
                "LOCATION": "TULOC",
                "ASSDT": "TUDTC",
            }
            lines += [*_columns(rows, "TU", tuple(subset), subset), *_dates(rows, "TU", roles)]
    plan.lines += lines


def _profiles(known: list[Known], main: Known, used: dict[int, str], plan: Plan) -> None:
    """Samples and mutations, where their keys lead to the patients."""
    samples = next((k for k in known if k.kind == "samples" and _same_patients(k, main)), None)
    if samples is not None:
        used[id(samples)] = "SAMPLE"
        names = {"USUBJID": "USUBJID", "SAMPLE_ID": "SAMPLE_ID", "PANEL": "GENE_PANEL"}
        plan.lines += [*_head(samples, "SAMPLE"), *_reading(samples, ("PDL1", "TMB", "PANEL"))]
        plan.lines += _columns(samples, "SAMPLE", tuple(names), names)
    subject, own = main.column("USUBJID"), None if samples is None else samples.column("SAMPLE_ID")
    called: Known | None = None
    for table in (k for k in known if k.kind == "mutations"):
        key_ = table.column("USUBJID") or table.column("SAMPLE_ID")
        if key_ is None or subject is None or called is not None:
            continue
        cells = table.cells(key_)
        if overlap(cells, main.cells(subject)) >= 0.5:
            lines = [*_head(table, "MUTATIONS"), "", "[tables.MUTATIONS.columns]"]
            lines.append(f"USUBJID = {string(key_.column)}  # sure: its cells stand in the table of patients")
        elif samples is not None and own is not None and overlap(cells, samples.cells(own)) >= 0.5:
            lines = _head(table, "MUTATIONS")
            link = {"column": key_.column, "table": "SAMPLE", "key": "SAMPLE_ID"}
            lines.append(f"link = {inline(link)}  # sure: its cells stand in the table of samples")
        else:
            continue
        used[id(table)], called = "MUTATIONS", table
        plan.lines += lines
    if samples is not None:
        plan.lines += _measures(samples)
    _questions(called, samples, plan)


def _measures(samples: Known) -> Iterator[str]:
    for role, kind, cuts, levels in (
        ("PDL1", "PD-L1", [1, 50], ["<1", "1-49", ">=50"]),
        ("TMB", "TMB", [10], ["<10", ">=10"]),
    ):
        belief = samples.column(role)
        if belief is None:
            continue
        yield ""
        yield f"[measures.{role}]  # {belief.confidence}: {comment(belief.why)}"
        yield f"kind = {string(kind)}"
        yield f"value = {string(belief.column)}"
        if role == "PDL1":
            yield 'scale = "TPS"' + (
                ""
                if "tps" in belief.column.lower()
                else "  # unsure: the file does not state the scale (TPS, CPS, TC, IC)"
            )
        yield ""
        yield f"[biomarkers.{role}GROUP]"
        yield f"measure = {string(role)}"
        yield f"cuts = [{', '.join(map(str, cuts))}]"
        yield f"levels = {inline(levels)}"


def _questions(called: Known | None, samples: Known | None, plan: Plan) -> None:
    if called is None:
        return
    gene = called.column("GENE")
    seen = set() if gene is None else set(called.cells(gene).drop_nulls().unique())
    genes = [g for g in _GENES if g in seen]
    if samples is None or samples.column("PANEL") is None:
        plan.notes.append(
            "Mutations are there, but no column names the panel of a sample: describe [assays] (docs/cohorts.md)."
        )
        plan.lines += [
            "",
            "# Which samples were tested, and for what, is not said: describe [assays], then ask under [biomarkers].",
        ]
        plan.lines += [f'# {g} = "{g} mutation"' for g in genes]
        return
    if genes:
        plan.lines += ["", "# Asked of the mutations; a sample is tested where it has a panel."]
    for g in genes:
        plan.lines += ["", f"[biomarkers.{g}]", f'question = "{g} mutation"', f'label = "{g}"']


def _believed(known: list[Known], used: dict[int, str], plan: Plan) -> None:
    for k in known:
        table = used.get(id(k))
        plan.tables.append(
            TableBelief(
                file=k.seen.file,
                sheet=k.seen.sheet,
                table=table,
                confidence=k.confidence,
                why=k.why,
                rows=k.seen.frame.height,
                sampled=k.seen.sampled,
                header=k.seen.header,
                columns=tuple(b for b, _ in k.columns),
            )
        )
        if table is None and k.kind != "dictionary":
            plan.notes.append(f"{_place(k)} is not used: {k.why}.")
