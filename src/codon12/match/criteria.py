"""The closed vocabulary of criteria.

Every criterion knows the fact that is missing while it is unknown (`fact`), and whether that fact is a biomarker.
A word outside the vocabulary is an error that names where it stands: never ignored, never false.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

__all__ = [
    "Age",
    "Alteration",
    "AlterationSet",
    "BrainMetastases",
    "BrainState",
    "Burden",
    "ConfirmedBy",
    "Criterion",
    "DaysSince",
    "Ecog",
    "Expression",
    "Histology",
    "Judgement",
    "Measurable",
    "Msi",
    "PrimarySide",
    "PriorLines",
    "PriorTreatment",
    "ProgressionAfter",
    "Stage",
    "StageName",
    "TumourType",
]

StageName = Literal["localised", "locally advanced", "unresectable", "metastatic"]
BrainState = Literal["none", "treated stable", "active untreated"]
Some = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Criterion(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, cache_hash=True
):
    """One question to a profile."""

    biomarker: ClassVar[bool] = False

    @property
    def fact(self) -> str:
        """The missing fact, in the words that reports print."""
        raise NotImplementedError


class TumourType(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tumour is of this type or of one below it; ``SOLID`` covers every solid tumour."""

    is_: str = msgspec.field(name="is")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "tumour type"


class Histology(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The histology is one of these words."""

    any_of: Some

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "histology"


class Stage(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The stage is one of these; locally advanced leaves open whether it is unresectable."""

    any_of: Annotated[tuple[StageName, ...], msgspec.Meta(min_length=1)]

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "stage"


class PrimarySide(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The primary tumour lies on one of these sides."""

    any_of: Annotated[tuple[Literal["left", "right"], ...], msgspec.Meta(min_length=1)]

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "primary side"


class Alteration(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gene question, present or absent; with ``specimen = "tissue"`` a test of the tumour itself is asked for."""

    biomarker: ClassVar[bool] = True
    question: str
    is_: Literal["present", "absent"] = msgspec.field(name="is")
    specimen: Literal["tissue"] | None = None

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return self.question


class AlterationSet(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of a named set of alterations is present, or all are absent."""

    biomarker: ClassVar[bool] = True
    name: str
    is_: Literal["present", "absent"] = msgspec.field(name="is")
    specimen: Literal["tissue"] | None = None

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return self.name


class Expression(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A marker's expression on one scale: at least this percentage, below that one, or both."""

    biomarker: ClassVar[bool] = True
    marker: Literal["PD-L1"]
    scale: Literal["TPS", "CPS", "TC", "IC"]
    at_least: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None
    below: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None

    def __post_init__(self) -> None:
        if self.at_least is None and self.below is None:
            raise ValueError("expression: give at_least, below, or both")
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise ValueError(f"expression: at_least {self.at_least:g} is not below {self.below:g}")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return f"{self.marker} {self.scale}"


class Burden(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tumour mutational burden is at least this many mutations per megabase."""

    biomarker: ClassVar[bool] = True
    at_least: Annotated[float, msgspec.Meta(ge=0)]

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "TMB"


class Msi(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Microsatellites are instable (or the mismatch repair deficient), or they are stable."""

    biomarker: ClassVar[bool] = True
    is_: Literal["MSI-H", "MSS"] = msgspec.field(name="is")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "MSI or MMR"


class PriorLines(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many lines of systemic therapy came before."""

    equals: Count | None = None
    at_least: Count | None = None
    at_most: Count | None = None

    def __post_init__(self) -> None:
        if self.equals is None and self.at_least is None and self.at_most is None:
            raise ValueError("prior_lines: give equals, at_least or at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"prior_lines: at_least {self.at_least} lies above at_most {self.at_most}")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "prior systemic lines"


class PriorTreatment(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which drugs or classes were given before."""

    includes_all: tuple[str, ...] = ()
    includes_any: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.includes_all and not self.includes_any:
            raise ValueError("prior_treatment: give includes_all or includes_any")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return f"prior treatment: {', '.join((*self.includes_all, *self.includes_any))}"


class ProgressionAfter(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The disease progressed after one of these drugs or classes, or after ``systemic therapy`` of any kind."""

    any_of: Some

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return f"progression after: {' or '.join(self.any_of)}"


class DaysSince(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fewer than this many days have passed since the last dose: day 28 is not below 28."""

    what: Literal["systemic therapy", "radiotherapy"]
    below: Annotated[int, msgspec.Meta(ge=1)]

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return f"date of last {self.what}"


class Age(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Age in years."""

    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if self.at_least is None and self.at_most is None:
            raise ValueError("age: give at_least or at_most")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "age"


class Ecog(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """ECOG performance status."""

    at_least: Annotated[int, msgspec.Meta(ge=0, le=5)] | None = None
    at_most: Annotated[int, msgspec.Meta(ge=0, le=5)] | None = None
    any_of: tuple[Annotated[int, msgspec.Meta(ge=0, le=5)], ...] = ()

    def __post_init__(self) -> None:
        if self.at_least is None and self.at_most is None and not self.any_of:
            raise ValueError("ecog: give at_least, at_most or any_of")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "ECOG"


class Measurable(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """There is measurable disease, or there is none."""

    is_: bool = msgspec.field(name="is")

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "measurable disease"


class BrainMetastases(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The state of brain metastases is one of these."""

    any_of: Annotated[tuple[BrainState, ...], msgspec.Meta(min_length=1)]

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return "brain metastases"


class ConfirmedBy(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One named test, central where so asked, found the alteration."""

    biomarker: ClassVar[bool] = False
    question: str
    assay: str
    central: bool = False

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return f"{'central ' if self.central else ''}confirmation of {self.question}"


class Judgement(Criterion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that only the clinician can answer."""

    text: str

    @property
    def fact(self) -> str:
        """The missing fact, in words."""
        return self.text
