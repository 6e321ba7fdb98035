"""Adverse events by worst grade, and exposure."""

from __future__ import annotations

import polars as pl

from codon12.evidence.context import Context
from codon12.evidence.plan import Analysis
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.safety import GRADE_GROUPS, SafetyPolicy, graded_counts

__all__ = ["adverse_events_by_grade", "adverse_events_by_term", "exposure_and_dose"]

_OVERVIEW = (
    ("ae", "Adverse event", ""),
    ("ae.serious", "Serious adverse event", "ASER = 'Y'"),
    ("ae.modified", "Adverse event leading to dose modification", "ACNMOD = 'Y'"),
    ("ae.discontinued", "Adverse event leading to discontinuation of therapy", "ACNDISC = 'Y'"),
    ("ae.related", "Treatment-related adverse event", "AREL = 'Y'"),
    ("ae.related.serious", "Treatment-related serious adverse event", "AREL = 'Y' AND ASER = 'Y'"),
    (
        "ae.related.modified",
        "Treatment-related adverse event leading to dose modification",
        "AREL = 'Y' AND ACNMOD = 'Y'",
    ),
    (
        "ae.related.discontinued",
        "Treatment-related adverse event leading to discontinuation of therapy",
        "AREL = 'Y' AND ACNDISC = 'Y'",
    ),
)
_GRADE_LABELS = {
    "any": "Any grade",
    "1-2": "Grade 1 or 2",
    "3": "Grade 3",
    "4": "Grade 4",
    "5": "Grade 5",
    ">=3": "Grade 3 or higher",
}
_GRADE_SLUGS = {
    "any": "any",
    "1-2": "grade1_2",
    "3": "grade3",
    "4": "grade4",
    "5": "grade5",
    ">=3": "grade_ge3",
}


def adverse_events_by_grade(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Subjects with any, serious, related ... adverse events, by worst grade."""
    if "adae" not in context.frames:
        return
    adae = _counted(context, analysis.where)
    for endpoint, label, test in _OVERVIEW:
        chosen = adae.filter(pl.sql_expr(test)) if test else adae
        _add_counts(analysis, context, book, chosen, endpoint=endpoint, label=label, tests=(test,))


def adverse_events_by_term(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Subjects by class and term, of the terms above the thresholds of the policy, most frequent first."""
    if "adae" not in context.frames:
        return
    adae = _counted(context, analysis.where)
    policy = SafetyPolicy.of(context.config.safety, where="codon12.toml, [safety]")
    members = context.members(context.predicate(analysis.population))
    term = analysis.by[-1]
    total = members.filter(ARM="all").height
    counts = graded_counts(adae, members.filter(ARM="all"), by=[term])
    wide = counts.pivot("GRADE", index=term, values="n")
    if wide.is_empty():
        return
    severe = [str(g) for g in range(policy.table_grade, 6)]
    at_grade = pl.sum_horizontal(pl.col(c) for c in wide.columns if c in severe) if severe else pl.lit(0)
    shown = wide.filter((pl.col("any") * 100 > policy.table_percent * total) | (at_grade > 0))
    order = shown.sort("any", term, descending=[True, False])[term].to_list()
    kept = adae.filter(pl.col(term).is_in(order))
    classes: list[str | None] = [None]
    if len(analysis.by) > 1:
        ranked = graded_counts(kept, members.filter(ARM="all"), by=[analysis.by[0]]).filter(GRADE="any")
        classes = ranked.sort("n", analysis.by[0], descending=[True, False])[analysis.by[0]].to_list()
    for heading in classes:
        inside = kept if heading is None else kept.filter(pl.col(analysis.by[0]) == heading)
        present = set(inside[term].to_list())
        of_class = "" if heading is None else f"{analysis.by[0]} = {sql_text(heading)}"
        for name in (t for t in order if t in present):
            _add_counts(
                analysis,
                context,
                book,
                inside.filter(pl.col(term) == name),
                endpoint=f"{analysis.endpoint}.{slug(name)}",
                label=name,
                section=heading,
                tests=(analysis.where, of_class, f"{term} = {sql_text(name)}"),
            )


def exposure_and_dose(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Duration of treatment and subjects with a dose change."""
    if "adex" not in context.frames:
        return
    predicate = context.predicate(analysis.population)
    frame = context.frames["adex"].with_columns(MONTHS=pl.col("TRTDURD") / 30.4375)
    members = context.members(predicate).join(frame, on="USUBJID", how="left")
    landmarks = analysis.landmarks or (3.0, 6.0, 9.0)
    rows = members.group_by("ARM").agg(
        N=pl.len(),
        known=pl.col("MONTHS").count(),
        median=pl.col("MONTHS").median(),
        low=pl.col("MONTHS").min(),
        high=pl.col("MONTHS").max(),
        **{f"at{m:g}": (pl.col("TRTDURD") >= m * 30.4375).sum() for m in landmarks},
        **{c: (pl.col(f"N_{c}") > 0).sum() for c in ("REDUCED", "INTERRUPTED")},
    )
    got = {row["ARM"]: row for row in rows.iter_rows(named=True)}
    common = {"population": analysis.population, "frame": "adex"}
    for arm in context.columns():
        row = got.get(arm, {"N": 0, "known": 0})
        shared = {**common, "arm": arm, "section": "Duration of treatment, months"}
        for statistic, label, kind, value, limits in (
            ("median", "Median", "value", row.get("median"), (None, None)),
            ("range", "Range", "range", None, (row.get("low"), row.get("high"))),
        ):
            book.add(
                analysis.name,
                "exposure.duration",
                statistic=statistic,
                label=label,
                kind=kind,
                n=row["known"],
                N=row["N"],
                value=value,
                lower=limits[0],
                upper=limits[1],
                status=None if row["known"] else "no subjects",
                unit="months",
                method="Last minus first day of dosing plus 1, over 30.4375.",
                where=context.where(predicate, "TRTDURD IS NOT NULL", arm=arm),
                **shared,
            )
        counted = [
            (
                f"duration_{m:g}mo",
                f"At least {m:g} months",
                row.get(f"at{m:g}", 0),
                f"TRTDURD >= {m * 30.4375!r}",
            )
            for m in landmarks
        ]
        counted += [
            ("reduced", "Dose reduced", row.get("REDUCED", 0), "N_REDUCED > 0"),
            ("interrupted", "Dose interrupted", row.get("INTERRUPTED", 0), "N_INTERRUPTED > 0"),
        ]
        for name, label, n, test in counted:
            book.add(
                analysis.name,
                f"exposure.{name}",
                statistic="n",
                main=True,
                label=label,
                kind="count",
                n=n,
                N=row["N"],
                value=100 * n / row["N"] if row["N"] else None,
                unit="%",
                method="Number and percentage of treated subjects.",
                where=context.where(predicate, test, arm=arm),
                **{
                    **shared,
                    "section": "Duration of treatment, months" if "duration" in name else "Dose changes",
                },
            )


def _counted(context: Context, where: str) -> pl.DataFrame:
    adae = context.frames["adae"].filter(pl.col("ANL01FL") == "Y")
    return adae.filter(pl.sql_expr(where)) if where else adae


def _add_counts(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    events: pl.DataFrame,
    *,
    endpoint: str,
    label: str,
    tests: tuple[str, ...],
    section: str | None = None,
) -> None:
    predicate = context.predicate(analysis.population)
    members = context.members(predicate)
    totals = dict(members.group_by("ARM").len().iter_rows())
    counts = {(a, g): n for a, g, n in graded_counts(events, members).select("ARM", "GRADE", "n").iter_rows()}
    for arm in context.columns():
        for grade, members_of in GRADE_GROUPS.items():
            n, total = counts.get((arm, grade), 0), totals.get(arm, 0)
            book.add(
                analysis.name,
                endpoint,
                statistic=_GRADE_SLUGS[grade],
                label=label,
                section=section,
                kind="count",
                arm=arm,
                level=_GRADE_LABELS[grade],
                population=analysis.population,
                n=n,
                N=total,
                value=100 * n / total if total else None,
                unit="%",
                method="Subjects by worst grade.",
                frame="adae",
                where=context.where(predicate, "ANL01FL = 'Y'", *tests, arm=arm),
                having=None if grade == "any" else f"WORST IN ({', '.join(map(str, members_of))})",
            )
