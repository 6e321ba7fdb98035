"""codon12 turns the records of a biomarker-guided cancer study into its evidence.

Every public name here is imported on first use, so that ``import codon12`` costs nothing.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

__all__ = [
    "Codon12Error",
    "ConfigError",
    "DataError",
    "DesignError",
    "Evidence",
    "InputError",
    "Policy",
    "Study",
    "UsageError",
    "assemble",
    "best_overall_response",
    "cox",
    "derive_time_to_event",
    "frame",
    "kaplan_meier",
    "logrank",
    "open",
    "proportion_interval",
    "write_report",
]

_HOME = {
    **dict.fromkeys(("Codon12Error", "ConfigError", "DataError", "DesignError", "InputError", "UsageError"), "errors"),
    "Policy": "policy",
    "Study": "records",
    "Evidence": "analyses",
    "assemble": "analyses",
    "best_overall_response": "response",
    "cox": "survival",
    "derive_time_to_event": "survival",
    "frame": "tables",
    "kaplan_meier": "survival",
    "logrank": "survival",
    "proportion_interval": "numbers",
    "write_report": "report",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'codon12' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"codon12.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def open(path: str | Path, *, config: Any = None) -> Any:  # noqa: A001 - as ``gzip.open`` and ``pl.open`` are named
    """Open a study folder: SDTM, ADaM, cBioPortal, or plain tables with a ``codon12.toml``; short for ``Study.open``.

    Examples
    --------
    >>> import codon12
    >>> codon12.assemble(codon12.open("examples/codebreak100"))  # doctest: +SKIP
    """
    from codon12.records import Study

    return Study.open(path, config=config)


def __dir__() -> list[str]:
    return sorted(__all__)
