"""The README of a generated cohort."""

from __future__ import annotations

import re
from importlib.resources import files

import numpy as np

from codon12.policy import Policy
from codon12.simulate.cohort_model import CohortModel

__all__ = ["readme"]


def readme(model: CohortModel, *, seed: int) -> str:
    """Say what the folder is, what is true in it, what misleads, and how it was made."""
    kits = [p for p in model.panels if p.targets]
    reach = "".join(
        f" {k.name} reads {len(k.targets)} changes: without a finding it proves no wild type." for k in kits
    )
    filled = {
        "{title}": model.title,
        "{patients}": f"{model.patients:,}",
        "{seed}": str(seed),
        "{reach}": reach,
        "{ratios}": "\n".join(f"| {term} | {np.exp(b):.2f} |" for term, b in model.death.terms.items()),
        "{mechanism}": "\n".join(f"- {line}" for line in _sentences(model)),
    }
    text = files("codon12.simulate").joinpath("cohort.md").read_text(encoding="utf-8")
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text


def _sentences(model: CohortModel) -> list[str]:
    """Every choice in words: the model's own sentences, then those of its parts."""
    out = [" ".join(model.sentences().values())]
    for name in ("expression", "burden", "treatment", "death", "progression", "sequencing"):
        part = getattr(model, name)
        words = [_with_parts(text, getattr(part, field)) for field, text in part.sentences().items()]
        out.append(f"{name.capitalize()}. {' '.join(words)}")
    out += [f"{g.gene}. {' '.join(g.mutated.sentences().values())}" for g in model.genes]
    out += [" ".join(p.sentences().values()) for p in model.panels if p.name]
    return [_plain(line) for line in out]


def _with_parts(text: str, value: object) -> str:
    return " ".join([text, *value.sentences().values()]) if isinstance(value, Policy) else text


def _plain(line: str) -> str:
    """Terms as ``KRAS 0.1``, not as a dictionary."""
    return re.sub(r"[{}]", "", re.sub(r"'([^']*)': ", r"\1 ", line.replace("{}", "none"))).replace(": .", ": none.")
