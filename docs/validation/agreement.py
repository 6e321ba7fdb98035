"""Write docs/validation/agreement.md from the golden sets that ship: ``python docs/validation/agreement.py``.

The tests compare the page with what is computed: the chapters on R and on second ways always, the paper slowly.
"""

from __future__ import annotations

import re
from pathlib import Path

from codon12.standards.qualification import qualify
from codon12.standards.qualification.golden_sets import answers, printed_numbers

PAGE = Path(__file__).with_name("agreement.md")
IN_FULL = ("bor", "orr", "dcr", "best_change", "ttr", "dor", "pfs", "os", "follow_up")
HEAD = """# How the numbers are proven

Written by `docs/validation/agreement.py` from the golden sets that ship in the package; a test fails where a table is
not what comes out. The same comparisons run on your machine with `codon12 selftest`.
"""
R = """
## Answers of R

R 4.2.2 with survival 3.5-3, on the maintenance trial in acute myelogenous leukaemia (Miller 1981) and on small tables.
Both columns are rounded to nine digits; the difference is taken before. More answers, beside the calls of R, stand in
[coming from R](../coming-from/r.md) and [survival](../survival.md).

| question | number | R | codon12 | within |
|---|---|---|---|---|
"""
WAYS = """
## The same result by a second way

Two computations that share no code. Where one of them is a simulation, the tolerance is in its standard errors.

| result | the two ways | within |
|---|---|---|
"""
PAPER = """
## A paper, number by number

The phase 2 trial of sotorasib (N Engl J Med 2021;384:2371) printed its results; a study was rebuilt from them (`codon12
simulate codebreak100`), and the report of that study prints them again: {agree} of {total} agree to the last digit.
This shows that derivation, analysis and printing do what the paper's did; it is no independent evidence on the drug.

| section | numbers | agree |
|---|---|---|
"""
FULL = """
Those on response and survival in full:

| number | part | printed | codon12 |
|---|---|---|---|
"""


def against_r() -> str:
    """Every number that R was asked for."""
    parts = [R]
    for one in answers():
        for label, theirs, ours in zip(one.labels, one.theirs, one.ours, strict=True):
            near = ours == theirs or abs(ours - theirs) <= one.allowed
            told = f"{one.allowed:g}" if near else "**differs**"
            parts.append(f"| {one.question} | {label} | {_digits(theirs)} | {_digits(ours)} | {told} |\n")
    return "".join(parts)


def second_ways() -> str:
    """Results that are computed twice, by ways that share no code."""
    parts = [WAYS]
    for area in qualify(("statistics", "design"), trials=1000):
        for check in area.checks:
            name, errors, _ = check.name.partition(" (standard errors)")
            result, _, ways = name.partition(": ")
            within = f"{check.allowed:g}{' standard errors' if errors else ''}" if check.passed else "**differs**"
            parts.append(f"| {result} | {ways} | {within} |\n")
    return "".join(parts)


def against_the_paper() -> str:
    """Printed numbers of the trial behind the shipped study."""
    sections = printed_numbers()
    rows = [row for own in sections.values() for row in own]
    agree = sum(theirs == ours for *_, theirs, ours in rows)
    parts = [PAPER.format(agree=agree, total=len(rows))]
    for name, own in sections.items():
        parts.append(f"| {name} | {len(own)} | {sum(theirs == ours for *_, theirs, ours in own)} |\n")
    parts.append(FULL)
    for name in IN_FULL:
        parts += [f"| `{i}` | {part} | {theirs} | {ours} |\n" for i, part, theirs, ours in sections[name]]
    return "".join(parts)


def page() -> str:
    """The page as Markdown."""
    return f"{HEAD}{against_r()}{second_ways()}{against_the_paper()}"


def chapter(text: str, heading: str) -> str:
    """A chapter of the page, with the line break before it."""
    found = re.search(rf"\n## {re.escape(heading)}\n.*?(?=\n## |\Z)", text, re.DOTALL)
    return found[0] if found else ""


def _digits(value: float) -> str:
    return "not reached" if value == float("inf") else f"{value:.9g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
