"""What a reader changes of a study's own plan: a frozen value that a page's address holds and codon12.toml can say."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

import msgspec

from codon12.errors import UsageError

__all__ = ["ENDPOINTS", "Settings", "settings_of", "short"]

_MOST_STEPS = 12
_MOST_LETTERS = 2000
_MOST_MONTHS = 20
ENDPOINTS = ("OS", "PFS", "DOR")
"""Times to event that a cut-point may be searched in."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Departures from the plan of a study; all empty, it is the plan.

    Examples
    --------
    >>> Settings().is_plan, Settings(steps=("AGE >= 65",)).query
    (True, 'step=AGE+%3E%3D+65')
    """

    steps: tuple[str, ...] = ()
    """SQL predicates over ADSL, each a step of the cohort, in order."""
    other: tuple[str, ...] = ()
    """Steps of a second cohort, beside the first."""
    confirmation: Literal["", "yes", "no"] = ""
    criterion: Literal["", "irecist"] = ""
    """Criterion that best responses are read by, in place of RECIST 1.1; codon12.toml has no key for it."""
    recist: Literal["", "recist_1_1", "admiralonco"] = ""
    censoring: Literal["", "fda", "ema", "admiralonco"] = ""
    evaluator: Literal["", "central", "investigator"] = ""
    landmarks: tuple[float, ...] = ()
    """Months at which survival is given, in place of those of the plan."""
    cut: str = ""
    """Column of ADSL that is cut into two groups."""
    at: float | None = None
    """Subjects at or above it are one group, those below the other; the median where left out."""
    endpoint: str = "OS"
    """Time to event in which a cut-point of `cut` is searched."""

    @property
    def is_plan(self) -> bool:
        """Whether nothing departs from the plan of the study."""
        return not self.departures()

    @property
    def derives_anew(self) -> tuple[str, ...]:
        """What changes the derived frames, as a key."""
        return (self.confirmation, self.recist, self.censoring, self.evaluator, self.criterion)

    @property
    def query(self) -> str:
        """The settings as the query of an address."""
        return urlencode(self.pairs)

    @property
    def query_alone(self) -> str:
        """The query without the second cohort."""
        return msgspec.structs.replace(self, other=()).query

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The settings as names and texts of a form."""
        pairs: list[tuple[str, str]] = [("step", s) for s in self.steps] + [("other", s) for s in self.other]
        pairs += [
            (k, v)
            for k in ("confirmation", "criterion", "recist", "censoring", "evaluator", "cut")
            if (v := getattr(self, k))
        ]
        if self.landmarks:
            pairs.append(("landmarks", ",".join(map(short, self.landmarks))))
        if self.at is not None:
            pairs.append(("at", short(self.at)))
        if self.endpoint != "OS":
            pairs.append(("endpoint", self.endpoint))
        return pairs

    def departures(self) -> list[str]:
        """Say in words what departs from the plan of the study."""
        said = [f"Only subjects with {s}" for s in self.steps]
        said += [f"Beside them, subjects with {s}" for s in self.other]
        if self.confirmation:
            said.append(f"Responses {'must be' if self.confirmation == 'yes' else 'need not be'} confirmed")
        if self.criterion:
            said.append("Best responses read by iRECIST, unconfirmed")
        if self.recist:
            said.append(f"Response by the preset {self.recist}")
        if self.censoring:
            said.append(f"Censoring by the preset {self.censoring}")
        if self.evaluator:
            said.append(f"Assessments of the {self.evaluator} evaluator are primary")
        if self.landmarks:
            said.append(f"Landmarks at {', '.join(map(short, self.landmarks))} months")
        if self.cut:
            said.append(f"{self.cut} cut at {'its median' if self.at is None else short(self.at)}")
        return said

    @property
    def in_file(self) -> Settings:
        """What of it codon12.toml can say."""
        return msgspec.structs.replace(self, criterion="")

    def without_cohorts(self) -> Settings:
        """The same without the steps of cohorts."""
        return msgspec.structs.replace(self, steps=(), other=())


def short(value: float) -> str:
    """A number as an address and a reader have it: no digit is lost.

    Examples
    --------
    >>> short(65.0), short(1234567.25)
    ('65', '1234567.25')
    """
    text = f"{value:g}"
    return text if float(text) == value else repr(value)


def settings_of(query: Any) -> Settings:
    """Read the settings of an address; what it does not name is the plan's.

    `query` has ``get`` and ``getlist`` (starlette's ``QueryParams``, or `urllib`'s by a small class).

    Raises
    ------
    UsageError
        A value that cannot stand; the message names the key.
    """
    values: dict[str, Any] = {}
    for key, field in (("step", "steps"), ("other", "other")):
        texts = [t.strip() for t in query.getlist(key)]
        kept = tuple(t for t in texts if t)
        if len(kept) > _MOST_STEPS or any(len(t) > _MOST_LETTERS for t in kept):
            raise UsageError(f"{key}: at most {_MOST_STEPS} steps of at most {_MOST_LETTERS:,} letters")
        values[field] = kept
    for key in ("confirmation", "criterion", "recist", "censoring", "evaluator", "cut", "endpoint"):
        if query.get(key):
            values[key] = str(query.get(key))
    if len(values.get("cut", "")) > 200:
        raise UsageError("cut: the name of a column of ADSL")
    if query.get("landmarks"):
        values["landmarks"] = _months(str(query.get("landmarks")))
    if query.get("at"):
        values["at"] = _number(str(query.get("at")), "at")
    try:
        found = msgspec.convert(values, Settings)
    except msgspec.ValidationError as err:  # "Invalid enum value 'x' - at `$.recist`"
        what, _, key = str(err).partition(" - at `$.")
        raise UsageError(f"{key.rstrip('`') or 'settings'}: {what}") from None
    if found.endpoint not in ENDPOINTS:
        raise UsageError(f"endpoint: one of {', '.join(ENDPOINTS)}")
    return found


def _months(text: str) -> tuple[float, ...]:
    parts = [p for p in text.replace(";", ",").split(",") if p.strip()]
    if len(parts) > _MOST_MONTHS:
        raise UsageError(f"landmarks: at most {_MOST_MONTHS} months")
    return tuple(sorted({_number(p, "landmarks") for p in parts}))


def _number(text: str, key: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise UsageError(f"{key}: a number was expected") from None
    if not -1e9 < value < 1e9:
        raise UsageError(f"{key}: a number between -1e9 and 1e9 was expected")
    return value
