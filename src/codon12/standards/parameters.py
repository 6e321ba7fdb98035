"""Parameters of ADaM data sets: PARAMCD, PARAM and PARAMN, one to one, the evaluator told in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.standards.metadata import adam_table
from codon12.standards.naming import Agreed, short_names

__all__ = ["evaluator_letters", "evaluator_word", "parameters_of"]

_WORDS = {"INVESTIGATOR": "Investigator", "CENTRAL": "Central Review"}


def evaluator_letters(evaluators: Sequence[str]) -> dict[str, str]:
    """Letters of each evaluator in names: I the investigator, C central review, C1, C2 ... its single readers.

    Examples
    --------
    >>> evaluator_letters(("CENTRAL", "INVESTIGATOR")), evaluator_letters(("CENTRAL_A", "CENTRAL_B"))
    ({'CENTRAL': 'C', 'INVESTIGATOR': 'I'}, {'CENTRAL_A': 'C1', 'CENTRAL_B': 'C2'})
    """
    readers = [e for e in evaluators if e not in _WORDS]
    return {e: e[0] if e in _WORDS else f"C{readers.index(e) + 1}" for e in evaluators}


def evaluator_word(evaluator: str) -> str:
    """Evaluator in words.

    Examples
    --------
    >>> evaluator_word("CENTRAL_RADIOLOGIST_1")
    'Central Radiologist 1'
    """
    return _WORDS.get(evaluator) or evaluator.replace("_", " ").title()


def parameters_of(name: str, frame: pl.DataFrame, context: Any) -> pl.DataFrame:
    """Frame whose PARAMCD is that of ADaM, with PARAM, PARAMN and PARCAT1.

    The primary evaluator (the first of the context) has the plain code, others a letter more. Parameters that the
    table does not know keep their code, and their name where the study gives it.
    """
    listed = adam_table().parameters.get(name, {})
    given = _given(name, context)
    evaluators = list(context.evaluators)
    who = pl.col("EVAL") if "EVAL" in frame.columns else pl.lit(None, pl.String).alias("EVAL")
    pairs = frame.select("PARAMCD", who).unique().sort("PARAMCD", "EVAL", nulls_last=True)
    present = set(pairs["PARAMCD"].drop_nulls().to_list())
    evaluators += [e for e in pairs["EVAL"].drop_nulls().unique().sort().to_list() if e not in evaluators]
    letters, step = evaluator_letters(evaluators), 10 if len(evaluators) < 10 else 1000
    unknown = sorted(present - set(listed))
    rows = []
    for code, evaluator in pairs.iter_rows():
        if code is None:
            continue
        known = listed.get(code)
        alone = pairs.filter(PARAMCD=code).height == 1
        at = evaluators.index(evaluator) if evaluator is not None else 0
        text = known.param if known else given.get(code, _titled(code, context))
        if evaluator is not None and (known or not alone):
            text = f"{text} by {evaluator_word(evaluator)}"
        suffix = letters[evaluator] if at else ""
        number = known.n if known else 100 + unknown.index(code)
        base = known.code if known else code
        rows.append((code, evaluator, f"{base}{suffix}", text, number * step + at))
    short = short_names(name, [r[2] for r in rows], Agreed())
    table = pl.DataFrame(
        [(c, e, short[new], text, n) for c, e, new, text, n in rows],
        schema={
            "PARAMCD": pl.String, "EVAL": pl.String, "_CODE": pl.String, "PARAM": pl.String, "PARAMN": pl.Int64
        },
        orient="row",
    )  # fmt: skip
    joined = frame.with_columns(who).join(
        table, on=["PARAMCD", "EVAL"], how="left", nulls_equal=True, maintain_order="left"
    )
    category = adam_table().categories.get(name)
    if "EVAL" not in frame.columns:
        joined = joined.drop("EVAL")
    return joined.with_columns(PARAMCD="_CODE", PARCAT1=pl.lit(category)).drop("_CODE")


def _given(name: str, context: Any) -> dict[str, str]:
    """PARAM of each PARAMCD in the data set that the study gives itself; the first where it gives several."""
    table = context.study.tables.get(name) if context.study is not None else None
    if table is None or not {"PARAMCD", "PARAM"} <= set(table.columns):
        return {}
    pairs = table.select("PARAMCD", "PARAM").drop_nulls().unique("PARAMCD", keep="first", maintain_order=True)
    return dict(pairs.iter_rows())


def _titled(code: str, context: Any) -> str:
    config = context.config
    endpoint = None if config is None else config.endpoints.get(code)
    return code if endpoint is None else endpoint.title
