"""A design written down so that it can be computed again: the question, answer, version and hash."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np

from codon12.design.single_arm.criterion import SuccessRule
from codon12.errors import InputError, UsageError
from codon12.numbers import METHODS

__all__ = ["KINDS", "DesignRecord", "answer", "read_record", "replay"]

KINDS: dict[str, str] = {
    "predictive": "codon12.design.monitoring.predictive:predictive_probability",
    "simon": "codon12.design.single_arm.simon:simon_two_stage",
    "simon-admissible": "codon12.design.single_arm.simon:simon_designs",
    "inference": "codon12.design.single_arm.inference:inference_after",
    "size": "codon12.design.single_arm.sample_size:sample_size",
    "power": "codon12.design.single_arm.sample_size:size_power",
    "assumed-rate": "codon12.design.single_arm.sample_size:assumed_rate",
    "coherence": "codon12.design.monitoring.coherence:monitoring_coherence",
    "search": "codon12.design.monitoring.search:search",
    "ahern": "codon12.design.single_arm.classic:ahern",
    "fleming": "codon12.design.single_arm.classic:fleming",
    "gehan": "codon12.design.single_arm.classic:gehan",
    "curtailed": "codon12.design.single_arm.curtailed:curtailed_design",
    "thall-simon": "codon12.design.monitoring.thall_simon:thall_simon",
    "toxicity": "codon12.design.monitoring.toxicity:toxicity_rule",
    "bop2": "codon12.design.monitoring.bop2:bop2",
    "bop2-pair": "codon12.design.monitoring.bop2_pair:bop2_pair",
    "group-sequential": "codon12.design.sequential.group_sequential:group_sequential",
    "interim": "codon12.design.sequential.conditional_power:interim_power",
    "survival": "codon12.design.randomised.survival_size:survival_size",
    "timing": "codon12.design.randomised.survival_size:analysis_times",
    "basket": "codon12.design.baskets.basket:basket",
    "calendar": "codon12.design.single_arm.calendar_time:calendar_plan",
    "pending": "codon12.design.monitoring.pending:pending_success",
    "randomised": "codon12.design.randomised.binary:randomised_size",
    "randomised-power": "codon12.design.randomised.binary:randomised_power",
    "pick-the-winner": "codon12.design.randomised.binary:pick_the_winner",
    "enriched": "codon12.design.randomised.biomarker:enriched",
    "stratified": "codon12.design.randomised.biomarker:stratified",
}
"""Kind of question -> "module:function" that answers it from plain values."""

_SIGNIFICANT = 10  # digits of a number that enter the hash: enough to tell designs apart on any machine


class Answer(Protocol):
    """What every design function returns: a frozen value that can say itself in words."""

    def describe(self) -> str:
        """Say the result in plain words."""
        ...


@dataclass(frozen=True)
class DesignRecord:
    """A question about a design and its answer.

    Attributes
    ----------
    kind, arguments, rates
        The question, in plain values: which design, with what, judged at which true response rates.
    results
        The answer, in plain values.
    sentence
        The answer in words.
    version
        Of codon12.
    answer
        The answer itself.
    """

    kind: str
    arguments: dict[str, Any]
    rates: tuple[float, ...]
    results: dict[str, Any]
    sentence: str
    version: str
    answer: Answer = dataclasses.field(repr=False, compare=False)

    @property
    def hash(self) -> str:
        """SHA-256 of question and answer, numbers to ten significant digits; the version does not enter."""
        content = [self.kind, self.arguments, list(self.rates), self.results]
        text = json.dumps(_rounded(content), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Give the record in plain values, as it is saved."""
        return {
            "design": self.kind,
            "arguments": self.arguments,
            "rates": list(self.rates),
            "results": self.results,
            "sentence": self.sentence,
            "codon12": self.version,
            "hash": self.hash,
        }

    def save(self, path: Path) -> None:
        """Write the record as JSON."""
        path.write_text(json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n", encoding="utf-8")


def answer(kind: str, arguments: Mapping[str, Any], *, rates: tuple[float, ...] = ()) -> DesignRecord:
    """Answer a question given in plain values, and keep question and answer together.

    Parameters
    ----------
    kind
        One of `KINDS`.
    arguments
        Keyword arguments of the function behind it; a success rule as a mapping with its ``type``.
    rates
        True response rates at which to give the operating characteristics, where the design has them.

    Examples
    --------
    >>> record = answer("predictive", {
    ...     "n": 40, "looks": [10, 20, 30], "success": {"type": "posterior", "rate": 0.2, "threshold": 0.9}
    ... })
    >>> record.results["boundaries"]["stop_at_most"]
    [0, 3, 6]
    """
    given = to_plain(arguments)
    result = _function(kind)(**{name: _decoded(name, value) for name, value in given.items()})
    results = to_plain(result)
    for name, asked in given.items():  # what only repeats the question is left out; an achieved alpha does not
        if name in results and results[name] == asked:
            del results[name]
    if rates:
        if not hasattr(result, "operating_characteristics"):
            raise UsageError(f"a {kind} design has no operating characteristics over response rates")
        results["operating_characteristics"] = to_plain(result.operating_characteristics(list(rates)).columns())
    return DesignRecord(kind, given, tuple(rates), results, result.describe(), _version(), result)


def read_record(path: Path) -> dict[str, Any]:
    """Read a saved record as it stands.

    Raises
    ------
    InputError
        Not a saved design record.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise InputError(f"{path}: cannot be read as a design record: {err}") from None
    missing = [k for k in ("design", "arguments", "results", "hash") if not isinstance(raw, dict) or k not in raw]
    if missing:
        raise InputError(f"{path}: not a design record, it lacks {', '.join(missing)}; save one with --save")
    return raw


def replay(path: Path) -> tuple[DesignRecord, list[str]]:
    """Compute a saved design again; give the new record and where it differs from the saved one."""
    saved = read_record(path)
    if not isinstance(saved["arguments"], dict):
        raise InputError(f"{path}: the arguments of a design record are a table of names and values")
    try:
        again = answer(saved["design"], saved["arguments"], rates=tuple(saved.get("rates", ())))
    except TypeError as err:
        raise InputError(f"{path}: the arguments do not fit a {saved['design']} design: {err}") from None
    differences = _differences("", _rounded(saved["results"]), _rounded(again.results))
    if not differences and saved["hash"] != again.hash:
        differences = ["hash: the question was changed after it was answered"]
    return again, differences


def to_plain(value: Any) -> Any:
    """Turn a result into values that JSON has: lists, tables, text, numbers; NaN and infinity become null."""
    if isinstance(value, msgspec.Struct):
        return to_plain(msgspec.to_builtins(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return to_plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [to_plain(v) for v in value]
    if isinstance(value, np.generic):
        return to_plain(value.item())
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def _function(kind: str) -> Callable[..., Any]:
    target = KINDS.get(kind)
    if target is None:
        raise UsageError(f"no design is called {kind!r}; there are: {', '.join(KINDS)}")
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _decoded(name: str, value: Any) -> Any:
    if name in {"success", "primary"} and isinstance(value, dict):
        try:
            return msgspec.convert(value, SuccessRule)
        except msgspec.ValidationError as err:
            raise UsageError(_rule_refused(value, str(err))) from None
    if name == "prior" and isinstance(value, dict):
        from codon12.design.probability.prior import Prior

        return msgspec.convert(value, Prior)
    return value


def _rule_refused(rule: dict, why: str) -> str:
    if rule.get("type") == "interval" and rule.get("method") not in METHODS:
        return f"no interval is called {rule.get('method')!r}; there are {', '.join(METHODS)}"
    return f"the success rule cannot be read: {why.partition(' - at `$')[0]}"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(v) for v in value]
    if isinstance(value, float):
        return 0.0 if abs(value) < 1e-12 else float(f"{value:.{_SIGNIFICANT}g}")
    return value


def _differences(where: str, old: Any, new: Any) -> list[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        names = [*old, *(k for k in new if k not in old)]
        return [d for k in names for d in _differences(f"{where}.{k}".lstrip("."), old.get(k), new.get(k))]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [d for i, (a, b) in pairs for d in _differences(f"{where}[{i}]", a, b)]
    return [] if old == new else [f"{where}: saved {old}, now {new}"]


@cache
def _version() -> str:
    from importlib.metadata import version

    return version("codon12")
