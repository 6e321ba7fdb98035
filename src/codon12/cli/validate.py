"""``codon12 validate``: what is wrong with the records of a study, without a report."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from codon12.cli.small_study import one_core_where_small

__all__ = ["command"]

_FIRST = 3
_PAGES = (".html", ".htm")
_ON_PAGE = 100
"""First findings of each rule on a page."""


@click.command(
    name="validate",
    epilog="""\b
Examples:
  codon12 validate examples/codebreak100
  codon12 validate examples/codebreak100 --out findings.csv
  codon12 validate examples/codebreak100 --out findings.html""",
)
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="A configuration elsewhere, in place of codon12.toml.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write every finding as CSV, or the first of each rule as a page (.html).",
)
@click.option("--rows", default=_FIRST, show_default=True, type=click.IntRange(min=0), help="First rows of each rule.")
@click.option(
    "--core", type=click.Path(path_type=Path), help="Run this program, CDISC CORE, too; its report becomes findings."
)
@click.option("--json", "as_json", is_flag=True, help="Print counts, remedies and the first rows as JSON.")
def command(study: Path, config: Path | None, out: Path | None, *, rows: int, core: Path | None, as_json: bool) -> int:
    """List the findings in the records of a STUDY folder, by severity and rule, each with what to do about it.

    They are the findings that `codon12 report` would have, and what of a define.xml in the folder the data contradict.
    Where the records hold errors nothing is derived from them, and the findings of what would be derived come once the
    errors are corrected. docs/findings.md has every rule.

    Exit codes: 0 no errors (warnings and notes there may be); 1 errors in the data; 2 wrong use or unreadable input.
    """
    with one_core_where_small(study) if core is None else nullcontext():
        return _validate(study, config, out, rows=rows, core=core, as_json=as_json)


def _validate(
    study: Path, config: Path | None, out: Path | None, *, rows: int, core: Path | None, as_json: bool
) -> int:
    import polars as pl

    from codon12.analyses import study_findings
    from codon12.cli.report import progress
    from codon12.errors import DataError
    from codon12.records import Study
    from codon12.report.findings import write_findings, write_findings_page
    from codon12.standards import core_findings, given_findings

    if out is not None and out.suffix.lower() not in (*_PAGES, ".csv", ""):
        raise click.BadParameter(f"{out.suffix} is not written; name it .csv or .html", param_hint="--out")
    refused = None
    with progress() as say:
        opened = Study.open(study, config=config, progress=say)
        try:
            findings = study_findings(opened, progress=say)
        except DataError as err:
            findings, refused = opened.findings, str(err)
        findings = pl.concat([findings, given_findings(opened)])
        if core is not None:
            say("CDISC CORE")
            findings = pl.concat([findings, core_findings(opened, core)])
    if out is not None:
        if not out.absolute().parent.is_dir():
            raise click.BadParameter(f"there is no folder {out.absolute().parent}; make it first", param_hint="--out")
        if out.suffix.lower() not in _PAGES:
            write_findings(findings, opened.sources, out)
    rules = _by_rule(findings, opened.sources, rows)
    counts = {s: sum(r["findings"] for r in rules if r["severity"] == s) for s in ("error", "warning", "note")}
    stopped = bool(counts["error"]) or refused is not None
    if out is not None and out.suffix.lower() in _PAGES:
        said = ", ".join(_count(n, s) for s, n in counts.items())
        most = _by_rule(findings, opened.sources, _ON_PAGE)
        write_findings_page(most, out, study=opened.config.title or study.resolve().name, summary=said, refused=refused)
    if as_json:
        body = {"study": str(study), "format": opened.format, "counts": counts, "stopped": refused, "rules": rules}
        click.echo(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        _print(rules, counts, refused, out)
    return 1 if stopped else 0


def _by_rule(findings: Any, sources: Any, first: int) -> list[dict[str, Any]]:
    """Count findings by severity, rule and table, the gravest and most frequent first, with their first rows."""
    import polars as pl

    from codon12.records.catalogue import remedy
    from codon12.records.findings import SEVERITIES

    files: dict[str, str] = {}
    for table, file in sources.select("TABLE", "FILE").iter_rows():
        files[table] = f"{files[table]}; {file}" if table in files else file
    rank = {s: i for i, s in enumerate(SEVERITIES)}
    out = []
    for (severity, rule, table), part in findings.group_by("SEVERITY", "RULE", "TABLE", maintain_order=True):
        shown = part.sort("ROW", nulls_last=True, maintain_order=True).head(first)
        out.append(
            {
                "severity": severity,
                "rule": rule,
                "table": table,
                "file": files.get(table),
                "findings": part.height,
                "subjects": part["USUBJID"].drop_nulls().n_unique(),
                "remedy": remedy(rule),
                "first": shown.select(pl.all().exclude("TABLE", "RULE", "SEVERITY")).to_dicts(),
            }
        )
    return sorted(out, key=lambda r: (rank.get(r["severity"], 9), -r["findings"], r["rule"], r["table"]))


def _print(rules: list[dict[str, Any]], counts: dict[str, int], refused: str | None, out: Path | None) -> None:
    from codon12.figures.lettering import shown

    for rule in rules:
        where = f"{rule['table']}, {rule['file']}" if rule["file"] else rule["table"]
        whom = f", {_count(rule['subjects'], 'subject')}" if rule["subjects"] else ""
        click.echo(f"{rule['severity']}  {rule['rule']}  {rule['findings']:,} in {shown(where, 60)}{whom}")
        for row in rule["first"]:
            subject = f" ({shown(row['USUBJID'], 40)})" if row["USUBJID"] is not None else ""
            click.echo(f"    {shown(row['MESSAGE'], 300)}{subject}")
        if rule["first"] and rule["findings"] > len(rule["first"]):
            click.echo(f"    and {rule['findings'] - len(rule['first']):,} more")
        if rule["remedy"]:
            click.echo(f"    -> {rule['remedy']}")
    click.echo(", ".join(_count(n, s) for s, n in counts.items()))
    if refused is not None:
        click.echo(f"codon12: the records leave no right answer: {refused}", err=True)
    if counts["error"]:
        click.echo("codon12: errors stop a report; correct the data or map them in codon12.toml", err=True)
    if out is not None:
        page = out.suffix.lower() in _PAGES
        click.echo(f"codon12: {'the page is' if page else 'every finding is in'} {out}", err=True)
    elif any(r["findings"] > len(r["first"]) for r in rules):
        click.echo("codon12: --out findings.csv writes every finding", err=True)


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"
