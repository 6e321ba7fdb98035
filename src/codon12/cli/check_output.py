"""How ``codon12 check`` answers on standard output: lines for people, or JSON written piece by piece."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

__all__ = ["print_reports", "reports_json"]


def reports_json(reports: list[Any], pairs: list[Any], against: dict[str, Any] | None) -> Iterator[str]:
    """The answer as JSON, in pieces: a long text has far more JSON than fits beside it in memory."""
    if len(reports) == 1:
        yield from _report_json(reports[0], 0, {} if against is None else {"study": against})
        yield "\n"
        return
    yield '{\n "files": ['
    for k, report in enumerate(reports):
        yield ("," if k else "") + "\n  "
        yield from _report_json(report, 2, {})
    rest: dict[str, Any] = {"comparison": [_pair_json(p) for p in pairs]}
    if against is not None:
        rest["study"] = against
    yield "\n ]," + _dumps(rest, 0)[1:] + "\n"


def _dumps(value: Any, indent: int) -> str:
    """Plain values indented by one more a level, the first line as it stands."""
    return json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * indent)


def _report_json(report: Any, indent: int, more: dict[str, Any]) -> Iterator[str]:
    """One report as `Report.as_json` gives it, a statement and a relation at a time."""
    margin = "\n" + " " * (indent + 1)
    parts = {"statements": report.findings, "relations": report.relations}
    values = report.as_json_about() | more
    yield "{"
    for k, key in enumerate(["file", *parts, *(x for x in values if x != "file")]):
        yield f"{',' if k else ''}{margin}{json.dumps(key)}: "
        if key not in parts:
            yield _dumps(values[key], indent + 1)
            continue
        yield "["
        for n, item in enumerate(parts[key]):
            yield ("," if n else "") + margin + " " + _dumps(item.as_json(), indent + 2)
        yield f"{margin}]" if parts[key] else "]"
    yield "\n" + " " * indent + "}"


def _pair_json(pair: Any) -> dict[str, Any]:
    return {
        "what": pair.what,
        "verdict": pair.verdict,
        "first": {"id": pair.first.id, "quote": pair.first.quote},
        "second": {"id": pair.second.id, "quote": pair.second.quote},
        "sentence": pair.sentence,
    }


def print_reports(
    reports: Iterable[Any],
    pairs: list[Any],
    against: dict[str, Any] | None,
    verdicts: tuple[Any, ...],
    kinds: frozenset[str],
) -> None:
    """Print summaries, coverage, findings, what differs between documents and from the study."""
    from codon12.check.showing.listing import coverage_line, listing, summary

    style = (lambda text, colour: click.style(text, fg=colour)) if sys.stdout.isatty() else None
    for report in reports:
        click.echo(summary(report))
        click.echo(coverage_line(report))
        click.echo()
        for line in listing(report, verdicts=verdicts, kinds=kinds, style=style):
            click.echo(line)
    different = [p for p in pairs if p.verdict == "different"]
    if pairs:
        click.echo(f"{len(pairs)} numbers on the same outcome in two documents: {len(different)} differ")
        for pair in different:
            click.echo(f"    {pair.sentence}")
            for s in (pair.first, pair.second):
                click.echo(f"        {s.id}  {' '.join(s.quote.split())}")
    if against is not None:
        same, other = len(against["agree"]), len(against["disagree"])
        agree = "1 number agrees" if same == 1 else f"{same} numbers agree"
        click.echo(f"Against the study: {agree}, {other} {'does' if other == 1 else 'do'} not")
        for note in against["notes"]:
            click.echo(f"    {note}")
        for row in against["disagree"]:
            where = f"{row['document']}: " if "document" in row else ""
            click.echo(f"    {where}{row['sentence']}")
        if against["left_out"]:
            click.echo(f"Key results the manuscript leaves out: {len(against['left_out'])}")
            for row in against["left_out"]:
                click.echo(f"    {row['sentence']}")
