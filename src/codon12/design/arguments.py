"""What the arguments of a design may be: each name has one domain, checked in one place before any answer is given.

A question outside its domain (a negative number of patients, a rate of 1.2, not a number, text) is refused with a
sentence; it is never answered. A function says what differs for it: ``@checked(rate=POSITIVE)``.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from numbers import Real
from typing import Any, ParamSpec, TypeVar

import numpy as np

from codon12.errors import DesignError, UsageError

__all__ = [
    "ABOVE_0",
    "AT_LEAST_0",
    "BELOW_1",
    "COUNT",
    "DOMAINS",
    "FINITE",
    "FLAG",
    "NAME",
    "OPEN",
    "PATIENTS",
    "POSITIVE",
    "PRIOR",
    "SHARE",
    "Domain",
    "Each",
    "OneOrEach",
    "Thing",
    "checked",
    "higher_is_better",
    "up_to",
]

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
_MOST = 10_000_000  # patients: beyond any trial, and beyond what an exact computation could hold


@dataclass(frozen=True)
class Domain:
    """Numbers between two ends, whole or not, the ends included or not."""

    words: str
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    open_low: bool = False
    open_high: bool = False

    def read(self, name: str, value: Any) -> float | int:
        """Give the number, or raise a `DesignError` that says what it must be."""
        if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
            raise DesignError(f"{name} must be {self.words}; got {_shown(value)}")
        try:
            number = float(value)
        except OverflowError:
            raise DesignError(f"{name} must be {self.words}; got a number beyond any that can be held") from None
        inside = (self.low < number if self.open_low else self.low <= number) and (
            number < self.high if self.open_high else number <= self.high
        )
        if not math.isfinite(number) or not inside or (self.whole and number != int(number)):
            raise DesignError(f"{name} must be {self.words}; got {number:g}")
        return int(number) if self.whole else number


@dataclass(frozen=True)
class Each:
    """A list whose members lie in a domain; None stands for no value where `gaps` allows it."""

    member: Domain | Each
    gaps: bool = False

    @property
    def words(self) -> str:
        """What it must be."""
        return f"a list, each member {self.member.words}"

    def read(self, name: str, value: Any) -> tuple:
        """Give the members as a tuple."""
        if not _is_list(value):
            raise DesignError(f"{name} must be {self.words}; got {_shown(value)}")
        what = f"each member of {name}"
        return tuple(None if self.gaps and v is None else self.member.read(what, v) for v in value)


@dataclass(frozen=True)
class OneOrEach:
    """A number, or a list of them; the number alone may have a domain of its own."""

    member: Domain
    alone: Domain | None = None

    def read(self, name: str, value: Any) -> Any:
        """Give the number, or the members as a tuple."""
        if _is_list(value):
            return Each(self.member).read(name, value)
        return (self.alone or self.member).read(name, value)


class Flag:
    """Yes or no."""

    words = "true or false"

    def read(self, name: str, value: Any) -> bool:
        """Give it as a plain bool."""
        if not isinstance(value, bool | np.bool_):
            raise DesignError(f"{name} must be {self.words}; got {_shown(value)}")
        return bool(value)


@dataclass(frozen=True)
class Thing:
    """A value that is known by what it can do: it has `method`, or is plain `text` to be read as one."""

    words: str
    method: str | None = None
    text: tuple[type, ...] = ()

    def read(self, name: str, value: Any) -> Any:
        """Give it as it is."""
        if not isinstance(value, self.text) and not (self.method and callable(getattr(value, self.method, None))):
            raise DesignError(f"{name} must be {self.words}; got {_shown(value)}")
        return value


Argument = Domain | Each | OneOrEach | Flag | Thing

PATIENTS = Domain(f"a whole number from 1 to {_MOST:,}", 1, _MOST, whole=True)
COUNT = Domain(f"a whole number from 0 to {_MOST:,}", 0, _MOST, whole=True)
BOUNDARY = Domain("a whole number, -1 where no number stops", -1, _MOST, whole=True)
OPEN = Domain("a number between 0 and 1, both excluded", 0, 1, open_low=True, open_high=True)
SHARE = Domain("a number between 0 and 1", 0, 1)
ABOVE_0 = Domain("a number above 0, up to 1", 0, 1, open_low=True)
BELOW_1 = Domain("a number from 0 to below 1", 0, 1, open_high=True)
POSITIVE = Domain("a number above 0", 0, 1e12, open_low=True)
AT_LEAST_0 = Domain("a number of 0 or more", 0, 1e12)
FINITE = Domain("a number", -1e12, 1e12)
FLAG = Flag()
RULE = Thing("a success rule: PosteriorRule, IntervalRule or ResponsesRule", "met")
PRIOR = Thing("a prior, as Prior.beta(1, 1) or 'beta(1,1)'", "upper_tail", (str,))
BOUNDARIES = Thing("the Boundaries of a design", "operating_characteristics")
NAME = Thing("a name", text=(str,))

DOMAINS: dict[str, Argument] = {
    **dict.fromkeys(("n", "planned_n", "max_n", "baskets", "trials", "n_control", "n_experimental", "every"), PATIENTS),
    **dict.fromkeys(("start", "exact_up_to"), Domain("a whole number of 1 or more", 1, 1e12, whole=True)),
    **dict.fromkeys(("evaluated", "responses", "least", "seed"), COUNT),
    **dict.fromkeys(("p0", "p1", "alpha", "power", "beta", "limit", "threshold", "rate", "level", "correct"), OPEN),
    **dict.fromkeys(("p_control", "p_experimental", "futility", "efficacy", "lower", "upper", "fraction"), OPEN),
    **dict.fromkeys(("prevalence", "alpha_positive", "below"), OPEN),
    **dict.fromkeys(("sensitivity", "specificity", "rate_positive", "rate_negative"), SHARE),
    "margin": BELOW_1,
    "standard_error": Domain("a number between 0 and 0.5, both excluded", 0, 0.5, open_low=True, open_high=True),
    **dict.fromkeys(("a", "b", "ratio", "hazard_ratio", "median_control", "accrual"), POSITIVE),
    "inflation": Domain("a number of 1 or more: a group sequential design never needs less", 1, 1e6),
    **dict.fromkeys(("follow_up", "dropout", "lag", "ramp"), AT_LEAST_0),
    **dict.fromkeys(("z", "drift"), FINITE),
    "delta": Domain("a number between -0.5 and 1", -0.5, 1),
    "sided": Domain("1 or 2", 1, 2, whole=True),
    **dict.fromkeys(("looks", "stages"), Each(PATIENTS)),
    **dict.fromkeys(("stop_at_most",), Each(BOUNDARY)),
    **dict.fromkeys(("rates", "at", "control", "experimental", "null", "alternative"), Each(OPEN)),
    "pending": Each(SHARE),
    "openings": Each(AT_LEAST_0),
    "scenarios": Each(Each(SHARE)),
    **dict.fromkeys(("success", "primary"), RULE),
    **dict.fromkeys(("prior", "standard"), PRIOR),
    "boundaries": BOUNDARIES,
    "borrowing": Thing("a borrowing rule or its name", "probabilities", (str, dict)),
    "spending": Thing("a spending function, as 'pocock' or 'power(2)'", "spent", (str,)),
    **dict.fromkeys(("kind", "test", "shape", "method", "objective", "rule"), NAME),
    **dict.fromkeys(("binding", "pause", "each", "futility_strict", "efficacy_strict"), FLAG),
}
"""Name of an argument -> what it may be, wherever a function does not say otherwise."""

_WORDS = {
    "n": "the number of patients (n)",
    "p0": "the response rate of no interest (p0)",
    "p1": "the response rate of interest (p1)",
    "power": "the power",
    "rate": "the response rate",
    "hazard_ratio": "the hazard ratio",
    "ratio": "the allocation ratio",
    "median_control": "the median in control",
    "limit": "the toxicity limit",
    "threshold": "the threshold",
    "lag": "the lag until an outcome is known",
    "dropout": "the dropout",
}


def checked(**special: Argument | None) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Check the arguments of a function by `DOMAINS`, or by what is given here for this function.

    None stands for "left out" where it is an argument's default, or its annotation names it. Whole numbers arrive as
    int, others as float, lists as tuples.

    Raises
    ------
    DesignError
        From the function: an argument outside its domain.

    Examples
    --------
    >>> @checked()
    ... def half(n: int) -> float:
    ...     return n / 2
    >>> half(3)
    1.5
    >>> half(-3)
    Traceback (most recent call last):
    ...
    codon12.errors.DesignError: the number of patients (n) must be a whole number from 1 to 10,000,000; got -3
    """

    def around(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
        signature = inspect.signature(function)
        known = {p: special.get(p, DOMAINS.get(p)) for p in signature.parameters}

        @wraps(function)
        def answered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError as err:
                raise UsageError(f"{function.__name__}: {err}") from None
            for name, value in bound.arguments.items():
                domain = known[name]
                left_out = value is None and _may_be_none(signature.parameters[name])
                if domain is not None and not left_out:
                    bound.arguments[name] = domain.read(_WORDS.get(name, name), value)
            return function(*bound.args, **bound.kwargs)

        answered.domains = {name: domain for name, domain in known.items() if domain is not None}  # type: ignore[attr-defined]
        return answered

    return around


def _may_be_none(parameter: inspect.Parameter) -> bool:
    return parameter.default is None or str(parameter.annotation).endswith("| None")


def up_to(most: int) -> Domain:
    """Numbers of patients up to which an exact computation has its answer in seconds and in little memory."""
    return Domain(f"a whole number from 1 to {most:,}, beyond which no exact answer is computed", 1, most, whole=True)


def higher_is_better(low: float, high: float, what: str = "p1") -> None:
    """Raise unless the rate of interest lies above the other, and say what to do where lower is better."""
    if low == high:
        raise DesignError(f"{what} = {high:g} is the rate of no interest itself; widen the gap")
    if low > high:
        raise DesignError(
            f"the rate of interest ({what} = {high:g}) must lie above the rate of no interest ({low:g}): these designs"
            " show that a rate is high enough. Where lower is better (toxicity, progression), count the patients"
            f" without it: {1 - low:g} against {1 - high:g}"
        )


def _is_list(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0  # numpy's masked constant, and a number as an array, are none
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _shown(value: Any) -> str:
    text = "no number" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def check_open(what: str, value: float) -> None:
    """Raise unless a probability lies strictly between 0 and 1."""
    OPEN.read(what, value)
