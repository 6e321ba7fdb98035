"""``codon12 design``: boundaries and exact operating characteristics of trials."""

from __future__ import annotations

import click

from codon12.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "design"]

COMMANDS: dict[str, str] = {
    "predictive": "codon12.cli.design_single_arm:predictive",
    "simon": "codon12.cli.design_single_arm:simon",
    "inference": "codon12.cli.design_single_arm:inference",
    "size": "codon12.cli.design_size:size",
    "power": "codon12.cli.design_size:power",
    "assumed-rate": "codon12.cli.design_size:assumed_rate",
    "coherence": "codon12.cli.design_size:coherence",
    "search": "codon12.cli.design_search:search",
    "ahern": "codon12.cli.design_classic:ahern",
    "fleming": "codon12.cli.design_classic:fleming",
    "gehan": "codon12.cli.design_classic:gehan",
    "curtailed": "codon12.cli.design_classic:curtailed",
    "thall-simon": "codon12.cli.design_monitoring:thall_simon",
    "toxicity": "codon12.cli.design_monitoring:toxicity",
    "bop2": "codon12.cli.design_monitoring:bop2",
    "bop2-pair": "codon12.cli.design_monitoring:bop2_pair",
    "group-sequential": "codon12.cli.design_sequential:group_sequential",
    "interim": "codon12.cli.design_sequential:interim",
    "survival": "codon12.cli.design_sequential:survival",
    "timing": "codon12.cli.design_sequential:timing",
    "protocol": "codon12.cli.design_documents:protocol",
    "sheet": "codon12.cli.design_documents:sheet",
    "plot": "codon12.cli.design_documents:plot",
    "basket": "codon12.cli.design_basket:basket",
    "calendar": "codon12.cli.design_calendar:calendar",
    "pending": "codon12.cli.design_calendar:pending",
    "randomised": "codon12.cli.design_randomised:randomised",
    "pick-the-winner": "codon12.cli.design_randomised:pick_the_winner",
    "enriched": "codon12.cli.design_randomised:enriched",
    "stratified": "codon12.cli.design_randomised:stratified",
    "replay": "codon12.cli.design_documents:replay",
}
"""Command -> "module:command", in the order the help shows them."""


@click.group(cls=LazyGroup, places=COMMANDS)
def design() -> None:
    """Answer a question about a trial to be run, exactly.

    Every command takes --json (question, answer, version and hash as JSON) and --save FILE (the same, for
    `codon12 design replay FILE`).
    """
