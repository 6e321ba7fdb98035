"""The golden sets that ship: answers of R, and the printed numbers of a paper against the study rebuilt from it."""

from __future__ import annotations

import csv
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from codon12.design.proof.selftest import Check

__all__ = ["Answer", "answers", "checks", "printed_numbers", "shown_as"]

_CLOSE = 1e-9
_GOLDEN = "codon12.standards.qualification.golden"


@dataclass(frozen=True)
class Answer:
    """What was asked of codon12 and of a peer, and what both answered, number by number.

    Attributes
    ----------
    question, peer
        What was asked, and of whom.
    labels, ours, theirs
        A name, and both answers, a number.
    allowed
        How far apart they may be.
    """

    question: str
    peer: str
    labels: tuple[str, ...]
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    allowed: float = _CLOSE


def checks(*, trials: int = 0, seed: int = 0) -> Iterator[Check]:  # noqa: ARG001 - every area is called so
    """Every golden set, one check a statistic of R and one for all printed numbers of a section of the paper."""
    for answer in answers():
        yield Check(f"{answer.question}: codon12 and {answer.peer}", _apart(answer.ours, answer.theirs), answer.allowed)
    for section, rows in printed_numbers().items():
        wrong = sum(ours != theirs for *_, theirs, ours in rows)
        name = f"{section}: {len(rows)} numbers printed in N Engl J Med 2021;384:2371 and the study rebuilt from them"
        yield Check(name, float(wrong), 0.0)


def answers() -> Iterator[Answer]:
    """Questions that R was asked, with its answers and ours.

    Examples
    --------
    >>> max(abs(a - b) for one in answers() for a, b in zip(one.ours, one.theirs, strict=True) if a != b) < 1e-7
    True
    """
    golden = tomllib.loads(resources.files(_GOLDEN).joinpath("r.toml").read_text(encoding="utf-8"))
    yield from _survival(golden)
    yield from _proportions(golden)


def _apart(ours: object, theirs: object) -> float:
    """Largest difference; two infinite limits agree, one beside a number is infinitely far."""
    a, b = np.ravel(np.asarray(ours, dtype=float)), np.ravel(np.asarray(theirs, dtype=float))
    differ = a != b
    far = np.abs(a[differ] - b[differ])
    return float(np.max(np.where(np.isnan(far), np.inf, far), initial=0.0))


def _flat(values: object) -> tuple[float, ...]:
    return tuple(np.ravel(np.asarray(values, dtype=float)).tolist())


def _survival(golden: Mapping[str, Any]) -> Iterator[Answer]:
    from codon12.survival import cox, kaplan_meier, logrank

    data, told, peer = golden["aml"], golden["kaplan_meier"], "R survival"
    time, event = np.array(data["time"], float), np.array(data["event"])
    group = np.where(np.arange(len(time)) < data["maintained"], "A", "B")
    arms = ("maintained", "not maintained")
    curves = kaplan_meier(time, event, group=group)
    medians = [curves[g].median() for g in ("A", "B")]
    ours = [[_number(getattr(m, part)) for m in medians] for part in ("value", "lower", "upper")]
    labels = tuple(f"{part}, {arm}" for part in ("median", "lower limit", "upper limit") for arm in arms)
    yield Answer(
        "Kaplan-Meier medians and limits",
        peer,
        labels,
        _flat(ours),
        _flat([told[k] for k in ("median", "lower", "upper")]),
    )
    at = [curves[g].at(told["at"]) for g in ("A", "B")]
    ours = [[[_number(getattr(e, part)) for e in row] for row in at] for part in ("value", "lower", "upper")]
    theirs = [told["survival"], told["survival_lower"], told["survival_upper"]]
    labels = tuple(
        f"{part} at week {week}, {arm}"
        for part in ("survival", "lower limit", "upper limit")
        for arm in arms
        for week in told["at"]
    )
    yield Answer("Kaplan-Meier survival and log-log limits", peer, labels, _flat(ours), _flat(theirs))
    test, told = logrank(time, event, group), golden["logrank"]
    yield Answer(
        "log-rank test",
        peer,
        ("chi-square", "P"),
        _flat([test.statistic, test.p]),
        _flat([told["statistic"], told["p"]]),
    )
    for ties, theirs in golden["cox"].items():
        fit = cox(time=time, event=event, terms=(group == "B").astype(float)[:, None], ties=ties)
        ours = [fit.coef[0], fit.std_error[0], fit.loglik_null, fit.loglik]
        labels = ("coefficient", "standard error", "log likelihood, no covariate", "log likelihood")
        yield Answer(f"Cox model, ties by {ties}", peer, labels, _flat(ours), _flat(theirs), 1e-7)


def _number(value: float | None) -> float:
    return np.inf if value is None or np.isnan(value) else float(value)


def _proportions(golden: Mapping[str, Any]) -> Iterator[Answer]:
    from codon12.numbers import proportion_interval
    from codon12.numbers.fisher import fisher_exact

    for name, method in (("clopper_pearson", "clopper-pearson"), ("wilson", "wilson")):
        rows = np.array(golden["proportions"][name], float)
        limits = proportion_interval(rows[:, 0], rows[:, 1], method=method)  # type: ignore[arg-type]  # one of METHODS
        labels = tuple(f"{limit} limit, {x:g} of {n:g}" for limit in ("lower", "upper") for x, n in rows[:, :2])
        yield Answer(
            f"interval of a proportion, {method}", "R stats", labels, _flat(limits), _flat([rows[:, 2], rows[:, 3]])
        )
    tables = np.array(golden["fisher"]["tables"], float)
    found = fisher_exact(*tables[:, :4].T.astype(int))
    labels = tuple(f"P, {a:g} {b:g} / {c:g} {d:g}" for a, b, c, d in tables[:, :4])
    yield Answer("Fisher's exact test", "R stats", labels, _flat(found.p), _flat(tables[:, 4]))


def printed_numbers() -> dict[str, list[tuple[str, str, str, str]]]:
    """Numbers of the paper that the study rebuilt from it can give, by section.

    Returns
    -------
    dict
        Section: name of the number, which part of it, as the paper prints it, as codon12 prints it ("-" where none).
    """
    from codon12.analyses import assemble
    from codon12.records import Study
    from codon12.simulate import write_codebreak100

    text = resources.files(_GOLDEN).joinpath("codebreak100.csv").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "study")
        write_codebreak100(folder, seed=7)
        numbers = {r["id"]: r for r in assemble(Study.open(folder)).numbers.iter_rows(named=True)}
    sections: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        ours = shown_as(numbers[row["id"]], row) if row["id"] in numbers else "-"
        sections.setdefault(row["id"].partition(".")[0], []).append((row["id"], row["part"], row["printed"], ours))
    return sections


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
