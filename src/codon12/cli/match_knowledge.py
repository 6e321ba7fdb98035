"""``codon12 match check``, ``show``, ``list`` and ``schema``: the statements themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codon12.cli.match_options import Day, knowledge_of, knowledge_options

if TYPE_CHECKING:
    from codon12.match.tree import Node

__all__ = ["check", "list_", "schema", "show"]


@click.command(name="check", epilog="Example:  codon12 match check my_statements/")
@click.argument("folder", metavar="[KB]", required=False, type=click.Path(path_type=Path))
@click.option("--today", type=Day(), default=None, help="Day by which reviews are due.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON.")
def check(folder: Path | None, today: date | None, *, as_json: bool) -> int:
    """Check the statements of a folder (those that ship where none is named).

    Runs every case inside every statement; finds statements never met or never missed, overdue reviews, quotes of more
    than 25 words, dates turned round, overlapping validity, and contradictions within one jurisdiction.

    Exit codes: 0 no fault; 1 faults, each printed; 2 the folder cannot be read.
    """
    from codon12.match.check_knowledge import check_knowledge
    from codon12.match.knowledge import read_statements, shipped_statements

    held = shipped_statements() if folder is None else read_statements(folder)
    faults = check_knowledge(held, today=today or date.today())  # noqa: DTZ011
    cases = sum(len(s.cases) for s in held.statements)
    if as_json:
        body = {
            "statements": len(held.statements),
            "cases": cases,
            "faults": [{"statement": f.statement, "rule": f.rule, "message": f.message} for f in faults],
        }
        click.echo(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        for f in faults:
            click.echo(f"{f.statement}: {f.rule}: {f.message}")
        drafts = sum(s.review.state == "draft" for s in held.statements)
        click.echo(f"{len(held.statements)} statements ({drafts} draft), {cases} cases, {len(faults)} faults")
    return int(bool(faults))


@click.command(name="show", epilog="Example:  codon12 match show us-fda/nsclc/sotorasib/kras-g12c")
@click.argument("name", metavar="ID")
@click.option("--kb", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder of statements.")
@click.option("--json", "as_json", is_flag=True, help="Print the statement as JSON, cases included.")
def show(name: str, kb: tuple[Path, ...], *, as_json: bool) -> None:
    """Show one statement: what it says, when it is in force, where it is written."""
    import msgspec

    from codon12.match.explain import criterion_text

    statement = knowledge_of(kb).get(name)
    if as_json:
        body = {**msgspec.to_builtins(statement), "hash": statement.hash}
        click.echo(json.dumps(body, ensure_ascii=False, indent=1))
        return
    s = statement
    click.echo(f"{s.id} v{s.version} {s.hash} ({s.review.state})\n{s.effect}: {' + '.join(s.therapy) or '-'}")
    begin = s.valid.from_.isoformat() if s.valid.from_ else "a day not read"
    end = s.valid.to.isoformat() if s.valid.to else "no end read"
    read = s.valid.read.isoformat() if s.valid.read else "no date"
    click.echo(f"{s.jurisdiction}; in force from {begin} to {end}; the text read bears {read}\n\n{s.sentence}\n")
    click.echo(_tree(s.when, criterion_text))
    for e in s.except_:
        click.echo(f"except {' + '.join(e.regimen)} from {e.from_} where:\n{_tree(e.when, criterion_text)}")
    for t in s.tests:
        click.echo(f"companion test: {t.assay} ({t.specimen or 'any specimen'}; {t.trust})")
    for e in s.evidence:
        place = f", {e.locator}" if e.locator else ""
        click.echo(f"source: {e.kind}: {e.ref}{place} ({e.trust})")


def _tree(node: Node, text: Callable[[Any], str], depth: int = 1) -> str:
    pad = "  " * depth
    if node.leaf is not None:
        return pad + text(node.leaf)
    return "\n".join([f"{pad}{node.key}:", *(_tree(child, text, depth + 1) for child in node.children)])


@click.command(name="list", epilog="Example:  codon12 match list --gene KRAS --as-of 2021-09-01")
@click.option("--gene", metavar="SYMBOL", help="Only statements that ask about this gene.")
@click.option("--drug", metavar="NAME", help="Only statements that name this drug.")
@knowledge_options
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_(
    gene: str | None,
    drug: str | None,
    kb: tuple[Path, ...],
    as_of: date | None,
    jurisdictions: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """List the statements, with whether each is in force at a date."""
    from codon12.biomarker.variants.genes import current_symbol
    from codon12.match.alterations import genes_in
    from codon12.match.drugs import drug_classes

    day = as_of or date.today()  # noqa: DTZ011
    rows = []
    for s in knowledge_of(kb).statements:
        if jurisdictions and s.jurisdiction not in jurisdictions:
            continue
        if gene is not None and current_symbol(gene)[0] not in genes_in(s.when):
            continue
        if drug is not None and drug_classes().name(drug) not in drug_classes().parts(s.therapy):
            continue
        rows.append(
            {
                "id": s.id, "version": s.version, "hash": s.hash, "state": s.review.state, "effect": s.effect,
                "therapy": " + ".join(s.therapy), "jurisdiction": s.jurisdiction, "in_force": s.in_force(day),
                "note": s.validity_note(day),
            }
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps({"as_of": day.isoformat(), "statements": rows}, ensure_ascii=False, indent=1))
        return
    click.echo(f"as of {day.isoformat()}: {sum(bool(r['in_force']) for r in rows)} of {len(rows)} statements in force")
    for r in rows:
        word = "in force" if r["in_force"] else "not in force"
        click.echo(
            f"  {word:<13} {r['id']} v{r['version']} {r['hash']} ({r['state']}) {r['effect']}: {r['therapy'] or '-'}"
        )


@click.command(name="schema", epilog="Example:  codon12 match schema patient > patient.schema.json")
@click.argument("what", type=click.Choice(["patient", "statement", "trial"]))
def schema(what: str) -> None:
    """Print the JSON Schema of a patient file, a statement or a trial."""
    from codon12.match import patient_schema
    from codon12.match.statement import statement_schema
    from codon12.match.trial import trial_schema

    made = {"patient": patient_schema, "statement": statement_schema, "trial": trial_schema}[what]()
    click.echo(json.dumps(made, indent=1))
