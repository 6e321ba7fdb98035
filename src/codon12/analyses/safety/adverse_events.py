"""Adverse events by worst grade, and exposure."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.derive.context import Context
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
    members = context.members(context.predicate(analysis.population))
    for endpoint, label, test in _OVERVIEW:
        counts = graded_counts(adae.filter(pl.sql_expr(test)) if test else adae, members)
        got = {(a, g): n for a, g, n in counts.select("ARM", "GRADE", "n").iter_rows()}
        _add_row(analysis, context, book, members, got, endpoint=endpoint, label=label, tests=(test,))


def adverse_events_by_term(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Subjects by (class and) term, of the terms above the thresholds of the policy, most frequent first."""
    if "adae" not in context.frames:
        return
    adae = _counted(context, analysis.where)
    members = context.members(context.predicate(analysis.population))
    *classes, term = analysis.by
    order = _terms_shown(adae, members, context, term)
    counts = graded_counts(adae, members, by=list(analysis.by))
    by_row: dict[tuple[str | None, str], dict[tuple[str, str], int]] = {}
    for row in counts.iter_rows(named=True):
        heading = row[classes[0]] if classes else None
        by_row.setdefault((heading, row[term]), {})[row["ARM"], row["GRADE"]] = row["n"]
    whole = _by_class(adae, members, classes[0]) if classes else {None: {}}
    for heading, of_class in whole.items():
        inside = "" if heading is None else f"{classes[0]} = {sql_text(heading)}"
        common: dict[str, Any] = {
            "section": heading,
            "analysis": analysis,
            "context": context,
            "book": book,
            "members": members,
        }
        rows = [name for name in order if (heading, name) in by_row]
        if heading is not None and rows:
            tests = (analysis.where, inside)
            label = "Any event of the class"
            _add_row(
                counts=of_class, endpoint=f"{analysis.endpoint}.{slug(heading)}", label=label, tests=tests, **common
            )
        for name in rows:
            _add_row(
                counts=by_row[heading, name],
                endpoint=f"{analysis.endpoint}.{slug(name)}",
                label=name,
                tests=(analysis.where, inside, f"{term} = {sql_text(name)}"),
                **common,
            )


def _terms_shown(adae: pl.DataFrame, members: pl.DataFrame, context: Context, term: str) -> list[str]:
    """Terms above the thresholds in all arms together, most frequent first."""
    policy = SafetyPolicy.of(context.config.safety, where="codon12.toml, [safety]")
    everyone = members.filter(ARM="all")
    wide = graded_counts(adae, everyone, by=[term]).pivot("GRADE", index=term, values="n")
    if wide.is_empty():
        return []
    severe = [c for c in wide.columns if c in {str(g) for g in range(policy.table_grade, 6)}]
    at_grade = pl.sum_horizontal(severe) if severe else pl.lit(0)
    shown = wide.filter((pl.col("any") * 100 > policy.table_percent * everyone.height) | (at_grade > 0))
    return shown.sort("any", term, descending=[True, False])[term].to_list()


def _by_class(adae: pl.DataFrame, members: pl.DataFrame, column: str) -> dict[str | None, dict[tuple[str, str], int]]:
    """Counts of each class, most frequent first."""
    counts = graded_counts(adae, members, by=[column])
    order = counts.filter(ARM="all", GRADE="any").sort("n", column, descending=[True, False])[column].to_list()
    got: dict[str | None, dict[tuple[str, str], int]] = {name: {} for name in order}
    for row in counts.iter_rows(named=True):
        got[row[column]][row["ARM"], row["GRADE"]] = row["n"]
    return got


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
    common: dict[str, Any] = {"population": analysis.population, "frame": "adex"}
    for arm in context.columns():
        row = got.get(arm, {"N": 0, "known": 0})
        shared: dict[str, Any] = {**common, "arm": arm, "section": "Duration of treatment, months"}
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


def _add_row(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    members: pl.DataFrame,
    counts: dict[tuple[str, str], int],
    *,
    endpoint: str,
    label: str,
    tests: tuple[str, ...],
    section: str | None = None,
) -> None:
    predicate = context.predicate(analysis.population)
    totals = dict(members.group_by("ARM").len().iter_rows())
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
                method="Subjects by worst grade.",
                frame="adae",
                where=context.where(predicate, "ANL01FL = 'Y'", *tests, arm=arm),
                having=None if grade == "any" else f"WORST IN ({', '.join(map(str, members_of))})",
            )
