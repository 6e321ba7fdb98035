"""``codon12 resistance catalogue``: the mechanisms known for a drug, each with its source and trust."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["catalogue"]


@click.command(name="catalogue", epilog="Example:  codon12 resistance catalogue osimertinib")
@click.argument("drug", required=False)
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Mechanisms of your own (TOML), beside those that ship.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def catalogue(drug: str | None, *, catalogues: tuple[Path, ...], as_json: bool) -> int:
    """Print the catalogue of resistance mechanisms: of one DRUG, or of all.

    Rules that were not read in a source are marked `recalled`; they fire as possible only. A mechanism that a drug's
    list lacks is not shown to be harmless: the list proves nothing by absence.

    Exit codes: 0 printed; 2 a drug that is not in it (the nearest are named), or an unreadable file.
    """
    import msgspec

    from codon12.resistance import read_catalogue

    known = read_catalogue(*catalogues)
    drugs = known.drugs if drug is None else [known.drug(drug)]
    if as_json:
        body = {
            "version": known.version,
            "files": list(known.files),
            "drugs": {
                d: [
                    {"target": e.target, "mechanism": r.mechanism, "matches": str(r.match), **_rest(r)}
                    for e in known.entries_of(d)
                    for r in e.rules_for(d)
                ]
                for d in drugs
            },
        }
        click.echo(json.dumps(msgspec.to_builtins(body), ensure_ascii=False, indent=1))
        return 0
    for name in drugs:
        for entry in known.entries_of(name):
            click.echo(f"{name} (target: {entry.target})")
            for rule in entry.rules_for(name):
                click.echo(f"  {rule.mechanism}: {rule.match}")
                needs = [
                    f"needs {v} {k}" for k, v in (("retained", rule.needs.retained), ("later", rule.needs.later)) if v
                ]
                extra = [*needs, *(["in cis"] if rule.phase else []), *([rule.note] if rule.note else [])]
                click.echo(
                    f"    {rule.trust}, {rule.evidence}; {rule.source}{'; ' + '; '.join(extra) if extra else ''}"
                )
    click.echo(f"Catalogue: {'; '.join(known.files)}")
    return 0


def _rest(rule: object) -> dict[str, object]:
    import msgspec

    raw = msgspec.to_builtins(rule)
    return {k: raw[k] for k in ("match", "needs", "phase", "evidence", "source", "trust", "note")}
