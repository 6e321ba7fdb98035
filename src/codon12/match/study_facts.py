"""One value a subject of a study: tumour, stage, age and the like, as ``[match]`` of ``codon12.toml`` names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from codon12.match.profiles import Coded
from codon12.match.tumours import tumour_types
from codon12.records.config import CONFIG_FILE
from codon12.records.findings import Finding, shown
from codon12.records.sql import evaluate
from codon12.records.study import Study

__all__ = ["study_facts"]


def _text(sql: str | None, frame: pl.DataFrame, key: str) -> pl.Series | None:
    if sql is None:
        return None
    return evaluate(frame, sql, where=f"{CONFIG_FILE}, key match.{key}")


def _coded(column: pl.Series | None, assumed: Any, people: int, read: Callable[[Any], Any]) -> Coded:
    """One value a subject: as recorded, else as assumed; distinct values are read once."""
    if column is None:
        if assumed is None:
            return Coded(np.full(people, -1, np.int64), ())
        return Coded(np.zeros(people, np.int64), (assumed,))
    given = column.drop_nulls().unique(maintain_order=True).to_list()
    values: list[Any] = []
    places: dict[Any, int] = {}
    for raw in given:
        value = read(raw)
        if value is None:
            places[raw] = -1
            continue
        if value not in values:
            values.append(value)
        places[raw] = values.index(value)
    rest = -1
    if assumed is not None:
        if assumed not in values:
            values.append(assumed)
        rest = values.index(assumed)
    codes = np.array([rest if raw is None or places[raw] < 0 else places[raw] for raw in column.to_list()], np.int64)
    return Coded(codes, tuple(values))


def study_facts(study: Study, people: pl.DataFrame, table: str, found: list[Finding]) -> dict[str, Coded]:
    """Read the facts of every subject; words that are not read are added to `found`."""
    config, n = study.config.match, people.height
    assume, types = config.assume, tumour_types()
    upper = set(people.columns)

    def odd(key: str, raw: Any, why: str) -> None:
        message = f"{table}: {shown(str(raw))!r} is no {why}; it is taken as not known."
        found.append(
            Finding(
                table=table, rule=f"{key}-unread", severity="warning", variable=key, value=str(raw), message=message
            )
        )

    def tumour(raw: Any) -> str | None:
        code = types.code(str(raw))
        if code is None:
            odd("tumour_type", raw, "listed tumour type")
        return code

    def word(key: str, known: Sequence[str]) -> Callable[[Any], str | None]:
        def read(raw: Any) -> str | None:
            plain = " ".join(str(raw).lower().split())
            if plain not in known:
                odd(key, raw, key.replace("_", " "))
                return None
            return plain

        return read

    def number(key: str, low: float, high: float) -> Callable[[Any], float | None]:
        def read(raw: Any) -> float | None:
            try:
                value = float(str(raw).strip())
            except ValueError:
                value = float("nan")
            if not low <= value <= high:
                odd(key, raw, f"{key} from {low:g} to {high:g}")
                return None
            return value

        return read

    def yes_no(raw: Any) -> bool | None:
        plain = str(raw).strip().lower()
        if plain in ("true", "y", "yes", "1"):
            return True
        if plain in ("false", "n", "no", "0"):
            return False
        odd("measurable", raw, "yes or no")
        return None

    assumed_type = (
        None if assume.tumour_type is None else types.need(assume.tumour_type, where="match.assume.tumour_type")
    )
    default_type = next((c for c in ("ONCOTREE_CODE", "CANCER_TYPE") if c in upper), None)
    kind = _text(config.tumour_type or (None if assumed_type else default_type), people, "tumour_type")
    if config.tumour_type is None and default_type == "ONCOTREE_CODE" and kind is not None and "CANCER_TYPE" in upper:
        # A code that is not listed is read by the name of its cancer type.
        coded = [
            raw if raw is not None and types.code(str(raw)) else wide
            for raw, wide in zip(kind, people["CANCER_TYPE"], strict=True)
        ]
        kind = pl.Series(coded, dtype=pl.String)

    def given(key: str) -> pl.Series | None:
        return _text(getattr(config, key), people, key)

    default_age = "AGE" if "AGE" in upper else None
    stages = ("localised", "locally advanced", "unresectable", "metastatic")
    brains = ("none", "treated stable", "active untreated", "present")
    return {
        "tumour_type": _coded(kind, assumed_type, n, tumour),
        "histology": _coded(given("histology"), assume.histology, n, lambda r: " ".join(str(r).lower().split())),
        "stage": _coded(given("stage"), assume.stage, n, word("stage", stages)),
        "primary_side": _coded(None, assume.primary_side, n, str),
        "measurable": _coded(given("measurable"), assume.measurable, n, yes_no),
        "brain_metastases": _coded(
            given("brain_metastases"), assume.brain_metastases, n, word("brain_metastases", brains)
        ),
        "age": _coded(_text(config.age or default_age, people, "age"), None, n, number("age", 0, 120)),
        "ecog": _coded(given("ecog"), None, n, number("ecog", 0, 5)),
    }  # fmt: skip
