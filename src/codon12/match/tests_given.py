"""What the tests of a patient file could see, and what they found."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Reach
from codon12.biomarker.calls.frame import calls_of
from codon12.biomarker.questions.criterion import Criterion as Question
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.questions.wording import genes_of, without_residue
from codon12.biomarker.variants.genes import current_symbol
from codon12.biomarker.variants.parse import parse_variant
from codon12.biomarker.variants.variant import Variant
from codon12.errors import InputError, UsageError
from codon12.match.patient import Patient, TestGiven

__all__ = ["calls_found", "disputed_findings", "read_finding", "test_reach"]


def test_reach(test: TestGiven, *, where: str) -> tuple[tuple[Reach, ...], tuple[Question, ...]]:
    """Reach of a test: its genes by kind, its fusions, its targets; and targets that are questions of their own.

    Raises
    ------
    InputError
        A target cannot be read.
    """
    kinds = test.kinds if test.kinds is not None else ("mutation",)
    at_most = _READ_BY.get(test.kind or "", kinds)
    reach = [Reach(gene=current_symbol(g)[0], kind=k) for g in test.genes for k in kinds if k in at_most]
    reach += [Reach(gene=current_symbol(g)[0], kind="fusion") for g in test.fusions]
    asked: list[Question] = []
    for i, target in enumerate(test.targets):
        try:
            question = parse_criterion(target)
        except UsageError as err:
            raise InputError(f"field {where}.targets[{i}]: {err}") from None
        if _is_place(question):
            reach.append(question.required[0])
        else:
            asked.append(_unworded(question))
    return tuple(dict.fromkeys(reach)), tuple(asked)


test_reach.__test__ = False  # type: ignore[attr-defined] # not a test case of pytest


_READ_BY: Mapping[str, tuple[str, ...]] = {"FISH": ("copy number",), "IHC": ()}
"""What of a whole gene a method can read at most: a probe counts copies, a stain neither counts nor reads bases."""


def _is_place(question: Question) -> bool:
    """Whether a target is a place that is read whatever the change, or one protein change."""
    if question.negated or question.contains or question.partner or question.called or len(question.required) != 1:
        return False
    return question.required[0].kind != "copy number"


def _unworded(question: Question) -> Question:
    return msgspec.structs.replace(question, text="")


def read_finding(text: str, *, where: str) -> Variant:
    """Read one thing that a test found.

    Raises
    ------
    InputError
        It cannot be read, names no gene, or a family of genes.
    """
    try:
        variant = parse_variant(without_residue(" ".join(text.split())) or text)
    except UsageError as err:
        raise InputError(f"field {where}: {err}") from None
    if variant.gene is None:
        raise InputError(f"field {where}: {text!r} names no gene; write it as in 'KRAS G12C'")
    for gene in (variant.gene, variant.partner or variant.gene):
        family = ("KRAS", "NRAS", "HRAS") if gene == "RAS" else genes_of(gene)
        if len(family) > 1:
            raise InputError(
                f"field {where}: {gene} is a family; name the gene it was found in ({', '.join(family)}), or leave the"
                " test out where that is not known"
            )
    return variant


def calls_found(test: TestGiven, person: int, disputed: frozenset[str], *, where: str) -> list[pl.DataFrame]:
    """Give what a test found, as calls of a person; a finding that is disputed is marked.

    Raises
    ------
    InputError
        A finding cannot be read, or of a test that is not valid.
    """
    if not test.found:
        return []
    if test.state != "valid":
        raise InputError(f"field {where}.state: {test.assay} is {test.state} and yet found {test.found[0]}")
    found = [read_finding(f, where=f"{where}.found[{i}]") for i, f in enumerate(test.found)]
    seen = {current_symbol(g)[0] for g in test.fusions}
    for i, (variant, text) in enumerate(zip(found, test.found, strict=True)):
        # A test of fusions that reports a rearrangement has found one, but for those within the gene.
        if variant.kind == "rearrangement" and variant.gene in seen and "intragenic" not in text.lower():
            found[i] = msgspec.structs.replace(variant, kind="fusion")
    any_other = [without_residue(" ".join(f.split())) is not None for f in test.found]
    made = calls_of(found, subject=str(person), table=test.assay)
    made = made.with_columns(
        CLASS=pl.when(pl.Series(any_other, dtype=pl.Boolean)).then(pl.lit("missense")).otherwise(pl.col("CLASS"))
    )
    return [
        made.with_columns(
            SPECIMEN=pl.lit(test.specimen, pl.String),
            DISPUTED=pl.Series([f in disputed for f in test.found], dtype=pl.Boolean),
        )
    ]


def disputed_findings(patient: Patient) -> dict[int, frozenset[str]]:
    """Findings of a test that the same assay, on the same day and specimen, denies: test -> its texts so denied."""
    out: dict[int, frozenset[str]] = {}
    tests = [(k, t) for k, t in enumerate(patient.tests) if t.state == "valid" and t.date is not None]
    if len(tests) < 2:
        return out
    for k, test in tests:
        key = (_plain(test.assay), str(test.date), test.specimen, test.sample)
        others = [o for j, o in tests if j != k and (_plain(o.assay), str(o.date), o.specimen, o.sample) == key]
        denied = {f for f in test.found for o in others if _denies(o, f)}
        if denied:
            out[k] = frozenset(denied)
    return out


def _denies(test: TestGiven, text: str) -> bool:
    variant = read_finding(text, where="tests")
    if any(str(read_finding(f, where="tests")) == str(variant) for f in test.found):
        return False
    try:
        question = parse_criterion(str(variant).replace("p.(", "").replace("p.", "").rstrip(")"))
    except UsageError:
        return False
    reach, targets = test_reach(test, where="tests")
    seen = all(any(r.covers(w) for r in reach) for w in question.required)
    return seen or _unworded(question) in targets


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
