"""``codon12 match``: what a profile supports, forbids and still needs. Its verbs are loaded when called."""

from __future__ import annotations

import click

from codon12.cli.lazy import LazyGroup

__all__ = ["match"]

_VERBS: dict[str, str] = {
    "patient": "codon12.cli.match_patient:patient",
    "page": "codon12.cli.match_pages:page",
    "trial": "codon12.cli.match_patient:trial",
    "cohort": "codon12.cli.match_cohort:cohort",
    "check": "codon12.cli.match_knowledge:check",
    "show": "codon12.cli.match_knowledge:show",
    "list": "codon12.cli.match_knowledge:list_",
    "schema": "codon12.cli.match_knowledge:schema",
    "import": "codon12.cli.match_exchange:import_",
    "export": "codon12.cli.match_exchange:export",
}


class _MatchGroup(LazyGroup):
    """A first word that is no verb is a patient file."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _VERBS:
            return super().resolve_command(ctx, ["patient", *args])
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # `codon12 match --study STUDY --subject ID` asks for a patient too.
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help"):
            args = ["patient", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_MatchGroup,
    places=_VERBS,
    epilog="Examples:  codon12 match patient.json --as-of 2021-09-01\n\n"
    "codon12 match patient.toml --regimen 'cetuximab + FOLFIRI' --json\n\n"
    "codon12 match trial NCT03600883-phase2-nsclc patient.json",
)
def match() -> None:
    """Say what dated, cited texts support and forbid for a profile, and which test is missing.

    `codon12 match PATIENT` answers for one patient file (JSON or TOML). It informs a tumour board: it never recommends,
    and where the texts say nothing, that is no permission.

    Exit codes: 0 answered; 1 `match check` found faults; 2 wrong use or unreadable input.
    """
