"""What the status of a row says: a mutation of the tumour, of the germline, or none."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import Finding, Severity, findings_frame, no_findings, row_findings

__all__ = ["by_status"]

_NONE = ("WILDTYPE", "LOH", "NONE")
_NOT_VALID = ("WILDTYPE", "INVALID")
_KNOWN = ("SOMATIC", "UNKNOWN")
_MAX_LISTED = 1000


def by_status(
    rows: pl.DataFrame, *, name: str, variable: str = "MUTATION_STATUS"
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Part rows by STATUS (Mutation_Status) and VALIDATION (Validation_Status): somatic, germline, findings.

    `variable` is the column that the findings name.

    Wildtype, LOH and None are no mutation; neither is what was validated as wildtype or invalid. GERMLINE stands apart.
    Rows without a status count as somatic, so do UNKNOWN and any other word; each of these is a finding.

    Notes
    -----
    Source: Mutation Annotation Format (NCI); cBioPortal documentation, "File Formats", mutation data.

    Examples
    --------
    >>> rows = {"STATUS": ["SOMATIC", "Germline", "LOH", None], "VALIDATION": None, "SRCROW": [1, 2, 3, 4]}
    >>> rows |= {"GENE": "KRAS", "SAMPLE": "S", "USUBJID": "1"}
    >>> somatic, germline, found = by_status(pl.DataFrame(rows), name="MUTATIONS")
    >>> somatic["SRCROW"].to_list(), germline["SRCROW"].to_list(), found["RULE"].to_list()
    ([1, 4], [2], ['no-mutation', 'germline-call'])
    """
    if rows["STATUS"].null_count() == rows.height and rows["VALIDATION"].null_count() == rows.height:
        return rows, rows.clear(), no_findings()
    status, validation = (
        pl.col(c).cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all("[ _-]", "").fill_null("")
        for c in ("STATUS", "VALIDATION")
    )
    none = status.is_in(_NONE) | validation.is_in(_NOT_VALID)
    inherited = status.str.starts_with("GERMLINE")
    odd = ~status.is_in(("", *_KNOWN)) & ~none & ~inherited
    kind = pl.when(none).then(pl.lit("none")).when(inherited).then(pl.lit("germline")).when(odd).then(pl.lit("odd"))
    rows = rows.with_columns(_KIND=kind.otherwise(pl.lit("somatic")))
    said = pl.coalesce(pl.when(status.is_in(_NONE)).then("STATUS"), pl.when(none).then("VALIDATION"), "STATUS")
    found = [
        _listed(rows.filter(_KIND="none"), said, name, "no-mutation", "note", "it is no mutation and does not count"),
        _listed(
            rows.filter(_KIND="germline"), said, name, "germline-call", "warning",
            "it is inherited and counts in no question about the tumour",
        ),
        _listed(
            rows.filter(_KIND="odd"), said, name, "mutation-status-unknown", "warning",
            "this status is not known; it counts as a mutation of the tumour",
        ),
        _unknown(rows, status, name),
    ]  # fmt: skip
    somatic = rows.filter(pl.col("_KIND").is_in(["somatic", "odd"])).drop("_KIND")
    findings = pl.concat(found).with_columns(VARIABLE=pl.lit(variable))
    return somatic, rows.filter(_KIND="germline").drop("_KIND"), findings


def _listed(rows: pl.DataFrame, said: pl.Expr, name: str, rule: str, severity: Severity, what: str) -> pl.DataFrame:
    """A finding a row, and one for those beyond the first thousand."""
    text = [pl.col("SRCROW"), *(pl.col(c).cast(pl.String).fill_null("?") for c in ("GENE", "SAMPLE")), said]
    listed = row_findings(
        rows.head(_MAX_LISTED),
        table=name,
        rule=rule,
        severity=severity,
        variable="MUTATION_STATUS",
        value=said,
        message=f"{name} row {{}}: {{}} of sample {{}} has status {{}}: {what}.",
        parts=text,
    )
    rest = rows.height - _MAX_LISTED
    if rest <= 0:
        return listed
    more = Finding(
        table=name, rule=rule, severity=severity, variable="MUTATION_STATUS", value=str(rest),
        message=f"{name}: {rest} more rows of that kind: {what}.",
    )  # fmt: skip
    return pl.concat([listed, findings_frame([more])])


def _unknown(rows: pl.DataFrame, status: pl.Expr, name: str) -> pl.DataFrame:
    unknown = rows.filter((status == "UNKNOWN") & (pl.col("_KIND") == "somatic"))
    if not unknown.height:
        return no_findings()
    row = int(unknown["SRCROW"][0])
    return findings_frame(
        [
            Finding(
                table=name,
                row=row,
                rule="mutation-status-unknown",
                severity="note",
                variable="MUTATION_STATUS",
                value="UNKNOWN",
                message=f"{name}: {unknown.height} rows have status UNKNOWN, the first is row {row}; they count as "
                "mutations of the tumour.",
            )
        ]
    )
