"""``codon12 check``: every number printed in a text, judged."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from codon12.errors import Codon12Error, InputError, UsageError

__all__ = ["check"]


class _FileFirst(click.Group):
    """``codon12 check FILE`` needs no verb of its own; ``reconstruct`` is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args.insert(0, "file")
        return super().parse_args(ctx, args)


@click.group(cls=_FileFirst)
def check() -> None:
    """Find, recompute and judge every number printed in a text."""


@check.command("file", hidden=True)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON; of a folder one line a document.")
@click.option(
    "--html", "page", type=click.Path(path_type=Path), help="Write a page: the text with coloured numbers, or a folder."
)
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Of a folder: write one row a document.")
@click.option("--annotate", type=click.Path(path_type=Path), help="Write a copy of a .docx with a comment a problem.")
@click.option("--only", "only", help="Verdicts to list, with commas between; by default all but ok and not checkable.")
@click.option("--kind", "kinds", help="Kinds of statement or rule to list, with commas between (landmark,P/interval).")
@click.option("--explain", metavar="KIND", help="Print a rule, its source and its limits, and read nothing.")
@click.option("--largest", default=200_000_000, show_default=True, help="Most bytes read, also after inflating.")
@click.option("--strict", is_flag=True, help="Exit 1 also on error-if and unlikely, and on numbers that differ.")
@click.option(
    "--ignore", "ignore", type=click.Path(path_type=Path), help="File of quotes that are accepted, one a line."
)
@click.option(
    "--study", "study", type=click.Path(path_type=Path), help="Compare with the evidence of this study folder."
)
@click.option("--config", type=click.Path(path_type=Path), help="With --study: a configuration in place of its own.")
@click.option("--jobs", default=2, show_default=True, help="Processes for a folder.")
def file(
    *,
    paths: tuple[Path, ...],
    as_json: bool,
    page: Path | None,
    table: Path | None,
    annotate: Path | None,
    only: str | None,
    kinds: str | None,
    explain: str | None,
    largest: int,
    strict: bool,
    ignore: Path | None,
    study: Path | None,
    config: Path | None,
    jobs: int,
) -> int:
    """Find, recompute and judge every number printed in a text (txt, md, html, pdf, docx; - reads standard input).

    Several files are compared with each other as well; of a folder every document is read. Exit 1 when a number is
    impossible. `codon12 check reconstruct --help` finds the data behind printed survival estimates.
    """
    if explain is not None:
        from codon12.check.showing.rules import explain as lines_of

        click.echo(lines_of(explain))
        return 0
    if not paths:
        raise UsageError("name a document, a folder, or - for standard input; --help shows how")
    if len(paths) == 1 and paths[0].is_dir():
        if annotate is not None:
            raise UsageError("--annotate writes comments into one document; name the document")
        return _folder(
            paths[0], as_json=as_json, strict=strict, ignore=ignore, jobs=jobs, largest=largest, page=page, table=table
        )
    if table is not None:
        raise UsageError("--csv is a summary of a folder; name a folder")
    if config is not None and study is None:
        raise UsageError("--config is the configuration of a study; name the study with --study")
    if len(paths) > _MOST:
        raise UsageError(
            f"check compares up to {_MOST} documents, got {len(paths)}; name their folder to read them all"
        )
    if annotate is not None and len(paths) > 1:
        raise UsageError(f"--annotate writes comments into one document; got {len(paths)}")
    from codon12.check.comparing.documents import compare_reports
    from codon12.check.showing.page import annotated_page
    from codon12.check.verdicts import VERDICTS

    verdicts = _verdicts(only, VERDICTS)
    wanted = _kinds(kinds)
    reports = [_report(path, ignore, largest) for path in paths]
    against = _against_study(reports[0], study, config) if study else None
    pairs = [p for a, b in combinations(reports, 2) for p in compare_reports(a, b)]
    if page is not None:
        _write(page, annotated_page(reports[0], against=against))
    if annotate is not None:
        from codon12.check.showing.annotate import annotate_docx

        placed = annotate_docx(paths[0], annotate, reports[0], largest=largest)
        click.echo(f"{annotate}: {placed} comment{'' if placed == 1 else 's'}", err=True)
    if as_json:
        out: dict[str, Any] = reports[0].as_json() if len(reports) == 1 else {"files": [r.as_json() for r in reports]}
        if len(reports) > 1:
            out["comparison"] = [_pair_json(p) for p in pairs]
        if against is not None:
            out["study"] = against
        click.echo(json.dumps(out, ensure_ascii=False, indent=1))
    else:
        _print(reports, pairs, against, verdicts, wanted)
    differs = strict and (any(p.verdict == "different" for p in pairs) or bool(against and against["disagree"]))
    return 1 if differs or any(r.has_error or (strict and r.problems) for r in reports) else 0


def _verdicts(only: str | None, known: tuple[Any, ...]) -> tuple[Any, ...]:
    if only is None:
        return known[:4]
    chosen = tuple(v.strip() for v in only.split(","))
    wrong = [v for v in chosen if v not in known]
    if wrong:
        raise UsageError(f"--only: no verdict {', '.join(wrong)}; there are: {', '.join(known)}")
    return chosen


_MOST = 6
"""Most documents set beside each other."""


def _kinds(given: str | None) -> frozenset[str]:
    """Kinds of statements and rules to list; empty for all."""
    if given is None:
        return frozenset()
    from codon12.check.showing.rules import RULES
    from codon12.check.statements import KINDS

    chosen = frozenset(k.strip() for k in given.split(","))
    known = {*KINDS, *(r.name for r in RULES)}
    wrong = sorted(chosen - known)
    if wrong:
        raise UsageError(f"--kind: no kind {', '.join(wrong)}; there are: {', '.join(sorted(known))}")
    return chosen


def _report(path: Path, ignore: Path | None, largest: int) -> Any:
    from codon12.check import check_text
    from codon12.check.documents.reading import decode, read_document
    from codon12.check.showing.accepted import accept, read_accepted

    if str(path) == "-":
        raw = sys.stdin.buffer.read(largest + 1)
        if len(raw) > largest:
            raise InputError(f"standard input: more than {largest} bytes; raise the limit with --largest")
        report = check_text(decode(raw, "standard input"), name="standard input")
    else:
        report = check_text(read_document(path, largest=largest), name=path.name)
    return accept(report, read_accepted(ignore)) if ignore else report


def _write(path: Path, text: str) -> None:
    """Write beside the target first: a failed run leaves the last good page."""
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _pair_json(pair: Any) -> dict[str, Any]:
    return {
        "what": pair.what,
        "verdict": pair.verdict,
        "first": {"id": pair.first.id, "quote": pair.first.quote},
        "second": {"id": pair.second.id, "quote": pair.second.quote},
        "sentence": pair.sentence,
    }


def _print(
    reports: Iterable[Any],
    pairs: list[Any],
    against: dict[str, Any] | None,
    verdicts: tuple[Any, ...],
    kinds: frozenset[str],
) -> None:
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
        click.echo(f"Against the study: {len(against['agree'])} numbers agree, {len(against['disagree'])} do not")
        for row in against["disagree"]:
            click.echo(f"    {row['sentence']}")
        if against["left_out"]:
            click.echo(f"Key results the manuscript leaves out: {len(against['left_out'])}")
            for row in against["left_out"]:
                click.echo(f"    {row['sentence']}")


def _against_study(report: Any, study: Path, config: Path | None) -> dict[str, Any]:
    from codon12.analyses import assemble
    from codon12.check.comparing.study import against_evidence
    from codon12.records import Study

    opened = Study.open(study, config=config)
    return against_evidence(report, assemble(opened).numbers, cutoff=opened.config.data_cutoff)


def _folder(
    folder: Path,
    *,
    as_json: bool,
    strict: bool,
    ignore: Path | None,
    jobs: int,
    largest: int,
    page: Path | None,
    table: Path | None,
) -> int:
    """Every document of a folder, some at a time in as many processes as asked for."""
    from codon12.check.documents.reading import SUFFIXES
    from codon12.check.showing.folder import Row, as_csv, as_page

    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    if not paths:
        raise UsageError(f"{folder}: holds none of {', '.join(SUFFIXES)}")
    bad = 0
    rows: list[Row] = []
    with click.progressbar(
        _results(paths, ignore, jobs, largest),
        length=len(paths),
        label="Checking",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as results:
        for line, words, row, verdict in results:
            click.echo(line if as_json else words)
            rows.append(row)
            bad += verdict == 2 or (strict and verdict == 1)
    if page is not None:
        _write(page, as_page(rows))
    if table is not None:
        _write(table, as_csv(rows))
    return 1 if bad else 0


def _one(task: tuple[Path, Path | None, int]) -> tuple[str, str, Any, int]:
    """One document: a line of JSON, a line for people, its row, and 2 for an error, 1 for a lesser problem."""
    from codon12.check.showing.folder import Row, row_of

    path, ignore, largest = task
    try:
        report = _report(path, ignore, largest)
    except Codon12Error as err:
        line = json.dumps({"file": path.name, "unread": str(err)}, ensure_ascii=False)
        return line, f"{err}", Row(path.name, unread=str(err)), 0
    from codon12.check.showing.listing import summary

    line = json.dumps(report.as_json(), ensure_ascii=False)
    return line, summary(report), row_of(report), 2 if report.has_error else 1 if report.problems else 0


def _results(paths: list[Path], ignore: Path | None, jobs: int, largest: int) -> Iterator[tuple[str, str, Any, int]]:
    tasks = [(path, ignore, largest) for path in paths]
    if jobs < 2 or len(paths) < 64:
        yield from map(_one, tasks)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_one, tasks, chunksize=max(8, min(100, len(paths) // (jobs * 4))))


@check.group("reconstruct")
def reconstruct() -> None:
    """Find the data behind printed survival estimates."""


@reconstruct.command("strings", epilog="Example:  codon12 check reconstruct strings 46 90.5,76.7,96.3 70.8,54.3,82.2")
@click.argument("n", type=click.IntRange(min=1))
@click.argument("landmarks", nargs=-1, required=True)
@click.option(
    "--conf-type",
    type=click.Choice(["log-log", "log", "plain"]),
    default="log-log",
    show_default=True,
    help="Scale of the printed limits.",
)
@click.option("--level", default=0.95, show_default=True, help="Level of the intervals.")
@click.option("--json", "as_json", is_flag=True, help="The strings as JSON.")
def strings(*, n: int, landmarks: tuple[str, ...], conf_type: str, level: float, as_json: bool) -> int:
    """Every order of events (E) and censorings (C) of N subjects that prints as LANDMARKS do.

    A landmark is an estimate with its limits in percent, in order of time: 90.5,76.7,96.3
    """
    from codon12.survival.published.event_orders import PrintedLandmark, event_strings

    printed = []
    for text in landmarks:
        parts = text.split(",")
        if len(parts) not in (1, 3):
            raise UsageError(f"a landmark is ESTIMATE or ESTIMATE,LOWER,UPPER in percent; got {text!r}")
        printed.append(PrintedLandmark(**dict(zip(("estimate", "lower", "upper"), parts, strict=False))))
    found = event_strings(n, printed, conf_type=conf_type, level=level)  # type: ignore[arg-type]
    if as_json:
        click.echo(json.dumps([{"text": s.text, "events": list(s.events)} for s in found]))
    else:
        click.echo(f"{len(found)} strings fit")
        for s in found:
            click.echo(f"{s.text}  events before each landmark: {', '.join(map(str, s.events))}")
    return 0 if found else 1


@reconstruct.command(
    "curve", epilog="Example:  codon12 check reconstruct curve curve.csv at_risk.csv --total-events 67"
)
@click.argument("coordinates", type=click.Path(path_type=Path, exists=True))
@click.argument("at_risk", type=click.Path(path_type=Path, exists=True))
@click.option("--total-events", type=int, help="Events in all, where printed.")
def curve(*, coordinates: Path, at_risk: Path, total_events: int | None) -> None:
    """Individual times, as CSV, from points of a Kaplan-Meier curve and the numbers at risk (Guyot 2012).

    COORDINATES is a CSV with TIME and SURVIVAL (0 to 1), AT_RISK one with TIME and N.
    """
    from codon12.survival.published.guyot import rebuild_individual_data

    frames = [_csv(path) for path in (coordinates, at_risk)]
    rebuilt = rebuild_individual_data(*frames, total_events=total_events)
    click.echo(rebuilt.write_csv(), nl=False)


def _csv(path: Path) -> Any:
    import polars as pl

    try:
        return pl.read_csv(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path.name}: not a CSV file that can be read: {str(err).splitlines()[0]}") from None


@reconstruct.command(
    "compare", epilog="Example:  codon12 check reconstruct compare drug.csv drug_risk.csv placebo.csv placebo_risk.csv"
)
@click.argument("first", type=click.Path(path_type=Path, exists=True))
@click.argument("first_at_risk", type=click.Path(path_type=Path, exists=True))
@click.argument("second", type=click.Path(path_type=Path, exists=True))
@click.argument("second_at_risk", type=click.Path(path_type=Path, exists=True))
@click.option("--first-events", type=int, help="Events in all of the first curve, where printed.")
@click.option("--second-events", type=int, help="Events in all of the second curve, where printed.")
@click.option("--reading", default=0.005, show_default=True, help="How far a read survival may be off (0 to 1).")
@click.option("--json", "as_json", is_flag=True, help="The comparison as JSON.")
def compare(
    *,
    first: Path,
    first_at_risk: Path,
    second: Path,
    second_at_risk: Path,
    first_events: int | None,
    second_events: int | None,
    reading: float,
    as_json: bool,
) -> None:
    """Hazard ratio of two published curves, with its limits and with what reading the curves adds to its error.

    Each curve is a CSV with TIME and SURVIVAL (0 to 1) and one with TIME and N at risk.
    """
    from codon12.check.comparing.curves import compare_curves

    found = compare_curves(
        (_csv(first), _csv(first_at_risk)),
        (_csv(second), _csv(second_at_risk)),
        total_events=(first_events, second_events),
        reading=reading,
    )
    if as_json:
        import msgspec

        click.echo(json.dumps(msgspec.structs.asdict(found)))
    else:
        click.echo(found.sentence)
