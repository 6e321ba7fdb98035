"""The golden sets that ship: answers of R, and the printed numbers of a paper against the study rebuilt from it."""

from __future__ import annotations

import csv
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from codon12.design.proof.selftest import Check

__all__ = ["checks", "shown_as"]

_CLOSE = 1e-9
_GOLDEN = "codon12.standards.qualification.golden"


def checks(*, trials: int = 0, seed: int = 0) -> Iterator[Check]:  # noqa: ARG001 - every area is called so
    """Every golden set, one check a statistic of R and one for all printed numbers of a section of the paper."""
    golden = tomllib.loads(resources.files(_GOLDEN).joinpath("r.toml").read_text(encoding="utf-8"))
    yield from _survival(golden)
    yield from _proportions(golden)
    yield from _paper()


def _apart(ours: object, theirs: object) -> float:
    """Largest difference; two infinite limits agree, one beside a number is infinitely far."""
    a, b = np.ravel(np.asarray(ours, dtype=float)), np.ravel(np.asarray(theirs, dtype=float))
    differ = a != b
    far = np.abs(a[differ] - b[differ])
    return float(np.max(np.where(np.isnan(far), np.inf, far), initial=0.0))


def _survival(golden: Mapping[str, Any]) -> Iterator[Check]:
    from codon12.survival import cox, kaplan_meier, logrank

    data, told = golden["aml"], golden["kaplan_meier"]
    time, event = np.array(data["time"], float), np.array(data["event"])
    group = np.where(np.arange(len(time)) < data["maintained"], "A", "B")
    curves = kaplan_meier(time, event, group=group)
    medians = [curves[g].median() for g in ("A", "B")]
    limits = [[_number(getattr(m, part)) for m in medians] for part in ("value", "lower", "upper")]
    apart = _apart(limits, [told["median"], told["lower"], told["upper"]])
    yield Check("Kaplan-Meier medians and limits: codon12 and R survival", apart, _CLOSE)
    at = [curves[g].at(told["at"]) for g in ("A", "B")]
    ours = [[[e.value for e in row] for row in at], [[e.lower for e in row] for row in at],
            [[e.upper for e in row] for row in at]]  # fmt: skip
    theirs = [told["survival"], told["survival_lower"], told["survival_upper"]]
    yield Check("Kaplan-Meier survival and log-log limits: codon12 and R survival", _apart(ours, theirs), _CLOSE)
    test = logrank(time, event, group)
    told = golden["logrank"]
    apart = _apart([test.statistic, test.p], [told["statistic"], told["p"]])
    yield Check("log-rank test: codon12 and R survival", apart, _CLOSE)
    for ties, answer in golden["cox"].items():
        fit = cox(time=time, event=event, terms=(group == "B").astype(float)[:, None], ties=ties)
        ours = [fit.coef[0], fit.std_error[0], fit.loglik_null, fit.loglik]
        yield Check(f"Cox model, ties by {ties}: codon12 and R survival", _apart(ours, answer), 1e-7)


def _number(value: float | None) -> float:
    return np.inf if value is None or np.isnan(value) else float(value)


def _proportions(golden: Mapping[str, Any]) -> Iterator[Check]:
    from codon12.numbers import proportion_interval
    from codon12.numbers.fisher import fisher_exact

    for name, method in (("clopper_pearson", "clopper-pearson"), ("wilson", "wilson")):
        rows = np.array(golden["proportions"][name], float)
        lower, upper = proportion_interval(rows[:, 0], rows[:, 1], method=method)  # type: ignore[arg-type]  # one of METHODS
        apart = _apart([lower, upper], [rows[:, 2], rows[:, 3]])
        yield Check(f"interval of a proportion, {method}: codon12 and R stats", apart, _CLOSE)
    tables = np.array(golden["fisher"]["tables"], float)
    found = fisher_exact(*tables[:, :4].T.astype(int))
    yield Check("Fisher's exact test: codon12 and R stats", _apart(found.p, tables[:, 4]), _CLOSE)


def _paper() -> Iterator[Check]:
    """Every number of the paper that the study rebuilt from it can give; the difference counts wrong ones."""
    from codon12.analyses import assemble
    from codon12.records import Study
    from codon12.simulate import write_codebreak100

    text = resources.files(_GOLDEN).joinpath("codebreak100.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "study")
        write_codebreak100(folder, seed=7)
        numbers = {r["id"]: r for r in assemble(Study.open(folder)).numbers.iter_rows(named=True)}
    sections: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        sections.setdefault(row["id"].partition(".")[0], []).append(row)
    for section, own in sections.items():
        wrong = sum(r["id"] not in numbers or shown_as(numbers[r["id"]], r) != r["printed"] for r in own)
        name = f"{section}: {len(own)} numbers printed in N Engl J Med 2021;384:2371 and the study rebuilt from them"
        yield Check(name, float(wrong), 0.0)


def shown_as(number: Mapping[str, Any], golden: Mapping[str, str]) -> str:
    """A number of the evidence as a golden row prints it: its part, with as many digits.

    Examples
    --------
    >>> shown_as({"kind": "rate", "n": 46, "N": 124, "value": 37.0967}, {"part": "percent", "printed": "37.1"})
    '37.1'
    """
    from codon12.numbers import percent, printed

    part, _, rest = golden["part"].partition("-")
    digits = len(golden["printed"].partition(".")[2])
    if part == "censored":
        return str(number["upper_status"] == "censored")
    n = number["N"] - number["n"] if rest else number["n"]
    if part in ("n", "N"):
        return str(number["N"] if part == "N" else n)
    if part == "percent":
        return str(percent(n, number["N"], digits))
    size = part.startswith("size of ")
    value = number[part.removeprefix("size of ")]
    return printed(abs(value) if size else value, digits)
