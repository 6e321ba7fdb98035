"""Is the alteration there? Yes, no, or unknown, with the reason: whole cohorts at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay, Reach
from codon12.biomarker.assays.tests import READ, denies, frame_of_tests, with_specimens
from codon12.biomarker.questions.criterion import Criterion
from codon12.biomarker.questions.definitions import GeneDefinitions
from codon12.biomarker.questions.parse import parse_criterion
from codon12.errors import UsageError
from codon12.records.rows import rows_where

__all__ = ["Answer", "Status", "biomarker_status"]

Answer = Literal["yes", "no", "unknown"]


class Status(msgspec.Struct, frozen=True):
    """An answer with its reason.

    ``~``, ``&`` and ``|`` combine answers by the three-valued logic of Kleene: unknown and no is no.

    Examples
    --------
    >>> (Status("unknown", "a") & Status("no", "b")).answer, (~Status("yes", "a")).answer
    ('no', 'no')
    """

    answer: Answer
    reason: str

    def __invert__(self) -> Status:
        turned: dict[Answer, Answer] = {"yes": "no", "no": "yes", "unknown": "unknown"}
        return Status(turned[self.answer], self.reason)

    def __and__(self, other: Status) -> Status:
        return self._worse(other, ("no", "unknown", "yes"))

    def __or__(self, other: Status) -> Status:
        return self._worse(other, ("yes", "unknown", "no"))

    def _worse(self, other: Status, order: tuple[Answer, ...]) -> Status:
        first = min(self.answer, other.answer, key=order.index)
        reasons = dict.fromkeys(s.reason for s in (self, other) if s.answer == first)
        return Status(first, " ".join(reasons))

    def __bool__(self) -> bool:
        raise UsageError("a status is yes, no or unknown; compare its .answer")


def biomarker_status(
    calls: pl.DataFrame,
    tests: pl.DataFrame,
    criterion: str | Criterion,
    *,
    assays: Mapping[str, Assay],
    subjects: pl.Series | None = None,
    definitions: GeneDefinitions | None = None,
) -> pl.DataFrame:
    """Answer one question for every subject.

    Parameters
    ----------
    calls
        Calls frame.
    tests
        USUBJID, SAMPLE, ASSAY, STATE and where known KIND, TARGET, REASON.
    criterion
        The question, as `parse_criterion` reads it.
    assays
        Name in column ASSAY -> the assay with its reach. An assay that is not among them reaches nothing known.
    subjects
        Subjects to answer for; those of `calls` and `tests` when left out.

    Returns
    -------
    polars.DataFrame
        USUBJID, ANSWER (yes, no, unknown), REASON, DETECTED (the calls that decided, or null), STATE of the alteration:
        ``detected``, ``not detected`` (within reach), ``not tested`` (no test, or none that reaches all of it),
        ``invalid`` or ``indeterminate`` (a test without a result, or a call of unknown effect); COVERED: the tests that
        were read reach all that the question names, so that they could have said yes or no; sorted by USUBJID.
        A detected alteration is a yes whoever detected it. A no needs tests that were read and together reach all
        that the question names; a test of plasma says no where plasma is asked for alone; a list of hotspots without a
        hit never says wild type. Two results of one target of one test that contradict each other are indeterminate.

    Examples
    --------
    >>> from codon12.biomarker import calls_frame, gene_panel
    >>> call = {"USUBJID": "1", "GENE": "KRAS", "PROTEIN": "p.G12C", "CLASS": "missense"}
    >>> calls = calls_frame(pl.DataFrame([call]))
    >>> tests = pl.DataFrame({"USUBJID": ["1", "2"], "SAMPLE": ["1", "2"], "ASSAY": ["P", "P"], "STATE": ["valid"] * 2})
    >>> panel = {"P": gene_panel("P", ["KRAS"])}
    >>> biomarker_status(calls, tests, "KRAS G12C", assays=panel).select("USUBJID", "ANSWER").rows()
    [('1', 'yes'), ('2', 'no')]
    """
    asked = parse_criterion(criterion, definitions=definitions) if isinstance(criterion, str) else criterion
    rows = with_specimens(_settled(frame_of_tests(tests)), assays)
    if asked.specimen is not None:
        rows = rows.filter(SPECIMEN=asked.specimen)
        calls = calls.join(rows.select("USUBJID", "SAMPLE").unique(), on=["USUBJID", "SAMPLE"], how="semi")
    people = _people(calls, rows, subjects)
    hits = _hits(rows_where(calls, asked.matching()), "DETECTED")
    unsure = _hits(rows_where(calls, asked.unsure()), "unsure")
    reach = _reach(rows, asked, assays)
    out = people.join(hits, on="USUBJID", how="left").join(unsure, on="USUBJID", how="left")
    out = out.join(reach, on="USUBJID", how="left").sort("USUBJID")
    present = pl.col("DETECTED").is_not_null()
    absent = ~present & pl.col("unsure").is_null() & pl.col("missing").eq("").fill_null(value=False)
    yes, no = ("no", "yes") if asked.negated else ("yes", "no")
    return out.select(
        "USUBJID",
        ANSWER=pl.when(present).then(pl.lit(yes)).when(absent).then(pl.lit(no)).otherwise(pl.lit("unknown")),
        REASON=_reason(asked, present, absent),
        DETECTED=pl.coalesce("DETECTED", "unsure"),
        STATE=pl.when(present)
        .then(pl.lit("detected"))
        .when(absent)
        .then(pl.lit("not detected"))
        .when(pl.col("unsure").is_not_null())
        .then(pl.lit("indeterminate"))
        .when(pl.col("without").is_null() & pl.col("plasma").is_not_null())
        .then(pl.lit("indeterminate"))
        .otherwise(pl.coalesce("without", pl.lit("not tested"))),
        COVERED=pl.col("missing").eq("").fill_null(value=False),
    )


def _people(calls: pl.DataFrame, tests: pl.DataFrame, subjects: pl.Series | None) -> pl.DataFrame:
    if subjects is not None:
        return pl.DataFrame({"USUBJID": subjects.cast(pl.String)}).unique().drop_nulls()
    both = pl.concat([calls.select(pl.col("USUBJID").cast(pl.String)), tests.select("USUBJID")])
    return both.unique().drop_nulls()


def _settled(tests: pl.DataFrame) -> pl.DataFrame:
    """Tests whose target was both detected and not detected are indeterminate."""
    key = ["USUBJID", "SAMPLE", "ASSAY", "TARGET"]
    both = (
        (pl.col("STATE") == "detected").any().over(key)
        & (pl.col("STATE") == "not detected").any().over(key)
        & pl.col("TARGET").is_not_null()
        & pl.col("STATE").is_in(["detected", "not detected"])
    )
    return tests.with_columns(
        STATE=pl.when(both).then(pl.lit("indeterminate")).otherwise("STATE"),
        REASON=pl.when(both).then(pl.lit("results contradict each other")).otherwise("REASON"),
    )


def _hits(calls: pl.DataFrame, name: str) -> pl.DataFrame:
    label = pl.concat_str(
        pl.when(pl.col("PARTNER").is_not_null()).then(pl.format("{}::{}", "PARTNER", "GENE")).otherwise("GENE"),
        pl.coalesce("PROTEIN", "CODING", "CLASS"),
        separator=" ",
        ignore_nulls=True,
    )
    said = calls.with_columns(label.alias("label")).unique(["USUBJID", "label"]).sort("label")
    return said.group_by("USUBJID").agg(pl.col("label").str.join(", ").alias(name)).cast({"USUBJID": pl.String})


def _reach(tests: pl.DataFrame, asked: Criterion, assays: Mapping[str, Assay]) -> pl.DataFrame:
    """Per subject: what of the question is not covered, by which tests the rest is, and what was no result."""
    kinds = tests.select("ASSAY", "KIND", "TARGET").unique()
    cover = [
        (name, kind, target, i, covers, touches, sees)
        for name, kind, target in kinds.iter_rows()
        for i, wanted in enumerate(asked.required)
        for covers, touches, sees in [_covers(assays.get(name), kind, target, wanted)]
    ]
    schema = dict.fromkeys(("ASSAY", "KIND", "TARGET"), pl.String) | {"atom": pl.Int64, "covers": pl.Boolean}
    table = pl.DataFrame(cover, schema=schema | {"touches": pl.Boolean, "sees": pl.Boolean}, orient="row")
    joined = tests.join(table, on=["ASSAY", "KIND", "TARGET"], how="inner", nulls_equal=True)
    read = pl.col("STATE").is_in(READ)
    relevant = joined.filter("touches")
    silent = pl.lit(value=True) if asked.specimen == "plasma" else denies()
    own = ["USUBJID", "SAMPLE", "ASSAY", "atom"]
    # what a test says of one target goes before what it says as a whole
    gaps = relevant.filter(~read & pl.col("TARGET").is_not_null()).select(own)
    told = joined.filter(read & pl.col("covers"))
    told = pl.concat(
        [
            told.filter(pl.col("TARGET").is_not_null()),
            told.filter(pl.col("TARGET").is_null()).join(gaps, on=own, how="anti", nulls_equal=True),
        ]
    )
    covered = told.filter(silent).select("USUBJID", "atom").unique()
    shed = told.filter(~silent)
    people = tests.select("USUBJID").unique()
    open_ = people.join(_atoms(asked), how="cross").join(covered, on=["USUBJID", "atom"], how="anti").sort("atom")
    missing = (
        open_.group_by("USUBJID", "head", maintain_order=True)
        .agg(pl.col("codon").drop_nulls().str.join(", "))
        .group_by("USUBJID", maintain_order=True)
        .agg(pl.concat_str("head", "codon", separator=" ").str.strip_chars().str.join("; ").alias("missing"))
    )
    failed = relevant.filter(~read).with_columns(
        label=pl.concat_str(
            pl.concat_str(["ASSAY", "TARGET"], separator=" ", ignore_nulls=True),
            pl.concat_str(["STATE", "REASON"], separator=", ", ignore_nulls=True),
            separator=": ",
        )
    )
    return (
        people.join(missing, on="USUBJID", how="left")
        .with_columns(pl.col("missing").fill_null(""))
        .join(_named(relevant.filter(read & pl.col("sees")), "ASSAY", "by"), on="USUBJID", how="left")
        .join(_named(shed, "ASSAY", "plasma"), on="USUBJID", how="left")
        .join(_named(relevant.filter(read & ~pl.col("sees")), "ASSAY", "unproven"), on="USUBJID", how="left")
        .join(_named(failed, "label", "failed"), on="USUBJID", how="left")
        .join(_without_result(failed), on="USUBJID", how="left")
        .join(_named(tests.filter(read), "ASSAY", "tested"), on="USUBJID", how="left")
    )


def _without_result(failed: pl.DataFrame) -> pl.DataFrame:
    """The state of those who have failed tests alone: indeterminate goes before invalid."""
    given = pl.col("STATE").is_in(["indeterminate", "invalid"])
    return failed.filter(given).group_by("USUBJID").agg(pl.col("STATE").min().alias("without"))


def _atoms(asked: Criterion) -> pl.DataFrame:
    """What must be covered, one row each; single codons of a gene are listed under one head."""
    rows = [
        (i, f"{r.gene} codon", str(r.codons[0])) if len(r.codons) == 1 and r.protein is None else (i, str(r), None)
        for i, r in enumerate(asked.required)
    ]
    return pl.DataFrame(rows, schema={"atom": pl.Int64, "head": pl.String, "codon": pl.String}, orient="row")


def _named(rows: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    said = rows.select("USUBJID", column).unique().drop_nulls().sort(column)
    return said.group_by("USUBJID").agg(pl.col(column).str.join("; ").alias(name))


def _covers(assay: Assay | None, kind: str | None, target: str | None, wanted: Reach) -> tuple[bool, bool, bool]:
    """Whether a test covers what is wanted, whether it may touch it, and whether it is known to."""
    if assay is None or (kind is not None and kind != wanted.kind):
        return False, False, False
    if target is None:
        sees = assay.touches(wanted)
        return assay.covers(wanted), sees or not assay.complete, sees
    own = [r for r in assay.reach if str(r) == target]
    sees = any(r.touches(wanted) for r in own)
    return any(r.covers(wanted) for r in own), sees, sees


def _reason(asked: Criterion, present: pl.Expr, absent: pl.Expr) -> pl.Expr:
    """One sentence: what was found, or what was not tested."""
    subject = asked.subject
    failed = pl.concat_str(pl.lit("No result from "), "failed", pl.lit(".")).fill_null("")
    untested = pl.concat_str(pl.lit("Not covered: "), "missing", pl.lit("."))
    part = pl.format(f"No {subject} detected by {{}}, within whose reach lies only a part of it.", "by")
    other = pl.format(f"{{}} cannot see {subject}.", "tested")
    unlisted = pl.format(f"Whether {{}} sees {subject} is not known: no gene list was given.", "unproven")
    blood = pl.format(f"No {subject} detected in plasma by {{}}, where absence does not exclude it.", "plasma")
    why = pl.when(pl.col("plasma").is_not_null()).then(blood).when(pl.col("by").is_not_null()).then(part)
    why = why.when(pl.col("unproven").is_not_null()).then(unlisted)
    why = why.when(pl.col("tested").is_not_null()).then(other)
    why = why.otherwise(pl.when(pl.col("failed").is_null()).then(pl.lit(f"No test for {subject} is on record.")))
    known_reach = (
        pl.col("plasma").is_null()
        & pl.col("tested").is_not_null()
        & (pl.col("by").is_not_null() | pl.col("unproven").is_null())
    )
    opened = pl.concat_str(why, failed, pl.when(known_reach).then(untested), separator=" ", ignore_nulls=True)
    return (
        pl.when(present)
        .then(pl.format("{} detected.", "DETECTED"))
        .when(pl.col("unsure").is_not_null())
        .then(pl.format(f"{{}}: whether this is {subject} is not known.", "unsure"))
        .when(absent)
        .then(pl.format(f"No {subject} detected within the reach of {{}}.", "by"))
        .otherwise(opened.str.replace_all("  +", " ").str.strip_chars())
    )
