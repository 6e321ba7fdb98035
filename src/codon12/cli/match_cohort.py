"""``codon12 match cohort``: a study's subjects against statements and trials."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codon12.cli.match_options import Day, knowledge_of, trial_given
from codon12.errors import UsageError

if TYPE_CHECKING:
    from codon12.match.cohort import CohortStatement, CohortTrial
    from codon12.match.orders import OrderList

__all__ = ["cohort"]


@click.command(
    name="cohort",
    epilog="Examples:  codon12 match cohort study/ --statement us-fda/nsclc/sotorasib/kras-g12c\n\n"
    "codon12 match cohort study/ --config msk_mind.toml --trial NCT03600883-phase2-nsclc --as-of 2019-10-01",
)
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="codon12.toml kept outside the study folder.")
@click.option("--statement", "statements", multiple=True, metavar="ID", help="Only this statement.  [default: all]")
@click.option("--trial", "trial_id", metavar="ID", help="Eligibility for this trial instead of statements.")
@click.option("--among", metavar="QUESTION", help="With --trial: only who answers it with yes, as 'KRAS G12C'.")
@click.option(
    "--kb", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder of further statements."
)
@click.option("--as-of", type=Day(), default=None, help="The date asked about.  [default: today]")
@click.option("--out", type=click.Path(path_type=Path), help="Write status and missing facts of every subject, as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def cohort(
    study: Path,
    config: Path | None,
    statements: tuple[str, ...],
    trial_id: str | None,
    among: str | None,
    kb: tuple[Path, ...],
    as_of: date | None,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Count over a STUDY whom statements meet, where a trial loses patients, and which tests are missing.

    What no record holds is taken as not known, unless [match.assume] of codon12.toml says so; assumptions are printed
    with the counts. Printed are counts alone; ids stand in the file of --out and nowhere else.
    """
    if among is not None and trial_id is None:
        raise UsageError("--among chooses the subjects of a trial: name it with --trial")
    if statements and trial_id is not None:
        raise UsageError("--statement and --trial are two questions; ask one at a time")
    from codon12.match.cohort import match_cohort, match_cohort_trial, statement_frame
    from codon12.match.from_study import profiles_of_study
    from codon12.records import Study
    from codon12.records.files.no_folder import must_be_folder

    day = as_of or date.today()  # noqa: DTZ011
    must_be_folder(study)
    held = profiles_of_study(Study.open(study, config=config))
    head: dict[str, Any] = {
        "as_of": day.isoformat(),
        "subjects": len(held.profiles),
        "assumptions": list(held.profiles.assumptions),
        "findings": held.findings.height,
    }
    knowledge = knowledge_of(kb)
    if trial_id is not None:
        counted = match_cohort_trial(held.profiles, trial_given(trial_id), as_of=day, among=among)
        if as_json:
            click.echo(json.dumps({**head, **counted.to_dict()}, ensure_ascii=False, indent=1))
        else:
            _head(head)
            _print_trial(counted)
    else:
        import msgspec

        found = match_cohort(held.profiles, knowledge, as_of=day, only=statements)
        if as_json:
            body = {**head, "statements": [msgspec.to_builtins(f) for f in found]}
            click.echo(json.dumps(body, ensure_ascii=False, indent=1))
        else:
            _head(head)
            _print_statements(found)
    if out is not None:
        from codon12.cli.overlap import write_rows

        write_rows(statement_frame(held.profiles, knowledge, as_of=day), out)


def _head(head: dict[str, Any]) -> None:
    click.echo(f"{head['subjects']} subjects, as of {head['as_of']}; {head['findings']} findings")
    for text in head["assumptions"]:
        click.echo(f"  {text}")


def _print_statements(found: list[CohortStatement]) -> None:
    for s in found:
        if s.not_in_force:
            click.echo(f"\n{s.id}: not in force")
            continue
        flag = f" ({s.because_of_unknown} because of an unknown)" if s.because_of_unknown else ""
        click.echo(f"\n{s.id} [{s.jurisdiction}] {s.effect} {' + '.join(s.therapy)}")
        click.echo(f"  applies {s.applies}{flag}, undetermined {s.undetermined}, does not apply {s.does_not_apply}")
        _print_missing(s.missing, s.orders)


def _print_missing(missing: dict[str, int], orders: OrderList) -> None:
    for order in orders.tests:
        n = max(missing.get(fact, 0) for fact in order.answers)
        click.echo(f"  {n} need {order.test} ({', '.join(order.answers)})")
    for word, facts in (("look up", orders.record), ("judge", orders.judgements)):
        for fact in facts:
            click.echo(f"  {missing.get(fact, 0)}: {word} {fact}")


def _print_trial(found: CohortTrial) -> None:
    click.echo(f"\n{found.trial}: {found.total} subjects")
    click.echo("  left  warn  open  fails  only  criterion")
    for row in found.steps.iter_rows(named=True):
        numbers = f"{row['LEFT']:>6}{row['WARN']:>6}{row['UNDETERMINED']:>6}{row['FAILS']:>7}{row['FAILS_ONLY']:>6}"
        click.echo(f"{numbers}  {row['KIND']}: {row['TEXT']}")
    click.echo("  " + ", ".join(f"{word} {n}" for word, n in found.overall.items()))
    _print_missing(found.missing, found.orders)
    if not found.complete:
        click.echo("  The protocol has more criteria than stand here.")
