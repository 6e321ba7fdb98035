"""The command line and the Python lines that give what a page shows."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from codon12.serve.holding import Holding
from codon12.serve.settings import Settings

__all__ = ["TOML_NAME", "same_by", "trace_by"]

TOML_NAME = "codon12-changed.toml"


def same_by(holding: Holding, settings: Settings, only: Sequence[str] = ()) -> dict[str, str]:
    """Lines for a terminal and for Python; where something departs from the plan, with the configuration to save."""
    study = str(holding.place)
    changed = not settings.is_plan
    config = TOML_NAME if changed else (str(holding.config) if holding.config else "")
    masked = " --mask-ids" if holding.mask_ids else ""
    shell = f"codon12 report {shlex.quote(study)}" + (f" --config {shlex.quote(config)}" if config else "") + masked
    opened = f"Study.open({study!r}" + (f", config={config!r})" if config else ")")
    python = [
        "from codon12 import Study, assemble",
        *(["from codon12.report import mask_subjects"] if holding.mask_ids else []),
        "",
        f"evidence = mask_subjects(assemble({opened}))" if holding.mask_ids else f"evidence = assemble({opened})",
        *([f"evidence.table({name!r})" for name in only] or ["evidence.numbers"]),
    ]
    return {"shell": shell, "python": "\n".join(python), "toml": TOML_NAME if changed else ""}


def trace_by(holding: Holding, settings: Settings) -> str:
    """Beginning of the line that traces a number of a page, up to its id."""
    config = "" if settings.is_plan else f" --config {TOML_NAME}"
    config = config or (f" --config {shlex.quote(str(holding.config))}" if holding.config else "")
    return f"codon12 trace{config}{' --mask-ids' if holding.mask_ids else ''} {shlex.quote(str(holding.place))}"
