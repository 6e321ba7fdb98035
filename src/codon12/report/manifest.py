"""``run.json``: what was run on what, without anything that changes from run to run."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import msgspec
import polars as pl

from codon12.analyses import Evidence

__all__ = ["run_record"]

_PACKAGES = (
    "codon12",
    "jinja2",
    "msgspec",
    "numpy",
    "polars",
    "pyreadstat",
    "scipy",
    "vl-convert-python",
    "xlsxwriter",
)


def run_record(evidence: Evidence, *, options: dict[str, Any]) -> dict[str, Any]:
    """Command, versions, policies, inputs with their SHA-256, rows read and used, counts of findings.

    No date and no absolute path, so that the same input gives the same bytes.
    """
    frames: Mapping[str, pl.DataFrame] = evidence.frames
    findings = frames.get("findings", pl.DataFrame(schema={"SEVERITY": pl.String, "RULE": pl.String}))
    counts = findings.group_by("SEVERITY").len().sort("SEVERITY")
    rules = findings.group_by("RULE", "SEVERITY").len().sort("RULE", "SEVERITY")
    return {
        "command": ["codon12", "report"],
        "options": options,
        "title": evidence.title,
        "notice": evidence.notice,
        "versions": {"python": platform.python_version(), **{p: _version(p) for p in _PACKAGES}},
        "policies": {k: msgspec.to_builtins(v) for k, v in sorted(evidence.policies.items())},
        "inputs": frames["sources"].to_dicts() if "sources" in frames else [],
        "accounting": frames["accounting"].to_dicts() if "accounting" in frames else [],
        "findings": {
            "total": findings.height,
            "by_severity": dict(counts.iter_rows()),
            "by_rule": [dict(zip(("rule", "severity", "n"), r, strict=True)) for r in rules.iter_rows()],
        },
        "numbers": evidence.numbers.height,
        "analyses": [a.name for a in evidence.plan],
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
