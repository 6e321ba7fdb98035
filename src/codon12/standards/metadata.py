"""The metadata of the ADaM data sets, read from ``adam.toml``: what frames, Define-XML and documentation share."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

__all__ = ["DATASETS", "AdamTable", "Codelist", "Column", "Parameter", "VariableRow", "adam_table"]

DataType = Literal["text", "integer", "float", "date", "datetime", "time"]
DATASETS = ("ADSL", "ADTR", "ADRS", "ADTTE", "ADAE", "ADEX")


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the table whose keys are closed."""


class Codelist(_Row, frozen=True):
    """A list of terms with their meaning; `code` is that of the NCI thesaurus, where it is CDISC's list."""

    name: str
    code: str | None = None
    terms: dict[str, str] = {}


class VariableRow(_Row, frozen=True):
    """One variable of an ADaM data set as the table has it."""

    name: str
    label: str
    type: DataType = "text"
    source: str | None = None
    """Column of the frame of codon12."""
    from_: str | None = msgspec.field(default=None, name="from")
    """Data set whose variable of the same name it is."""
    codelist: str | None = None
    core: Literal["Req", "Cond", "Perm"] = "Perm"
    derivation: str | None = None
    bds: bool = False
    """Whether only data sets with parameters have it."""


class Pattern(_Row, frozen=True):
    """Variables that exist once an evaluator; ``{}`` stands for who it is."""

    name: str
    label: str
    codelist: str | None = None
    derivation: str | None = None


class Others(_Row, frozen=True):
    """What is said of columns that the table cannot know: covariates, collected variables."""

    derivation: str


class AdamDataset(_Row, frozen=True):
    """One data set: what it is, its variables, and which columns of its frame are left out and why."""

    label: str
    class_: str = msgspec.field(name="class")
    structure: str
    keys: list[str]
    frame: str
    variables: list[VariableRow]
    subclass: str | None = None
    common: bool = False
    by_evaluator: dict[str, Pattern] = {}
    left_out: dict[str, str] = {}
    others: Others | None = None


class Common(_Row, frozen=True):
    """Variables of every data set with several records a subject."""

    variables: list[VariableRow]


class Parameter(_Row, frozen=True):
    """A parameter: its PARAMCD, its name and its number."""

    code: str
    param: str
    n: int


class Versions(_Row, frozen=True):
    """Versions of the standards that the data sets keep."""

    adam: str
    sdtm: str
    terminology: str


class AdamTable(_Row, frozen=True):
    """The whole table."""

    standard: Versions
    codelists: dict[str, Codelist]
    common: Common
    parameters: dict[str, dict[str, Parameter]]
    categories: dict[str, str]
    ADSL: AdamDataset
    ADTR: AdamDataset
    ADRS: AdamDataset
    ADTTE: AdamDataset
    ADAE: AdamDataset
    ADEX: AdamDataset

    def dataset(self, name: str) -> AdamDataset:
        """One of the data sets by its name."""
        return getattr(self, name)

    def rows(self, name: str) -> list[VariableRow]:
        """Variables of a data set in order: identifiers and treatment, its own, then where they came from."""
        own = self.dataset(name)
        if not own.common:
            return own.variables
        bds = own.class_.startswith("BASIC")
        shared = [v for v in self.common.variables if bds or not v.bds]
        source = [v for v in shared if v.name.startswith("SRC")]
        own_names = {v.name for v in own.variables}
        before = [v for v in shared if v not in source and v.name not in own_names]
        return [*before, *own.variables, *source]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One variable of a data set as it is written."""

    name: str
    label: str
    type: DataType = "text"
    length: int = 1
    """Bytes of the longest text as UTF-8; 8 of a number."""
    format: str | None = None
    codelist: str | None = None
    origin: Literal["Collected", "Derived", "Assigned", "Predecessor"] = "Collected"
    derivation: str | None = None
    predecessor: str | None = None
    core: str | None = None
    source: str | None = None
    """Name in codon12, where it is another one."""


@cache
def adam_table() -> AdamTable:
    """Read the table that ships.

    Examples
    --------
    >>> adam_table().parameters["ADTTE"]["OS"].param
    'Overall Survival'
    """
    text = resources.files("codon12.standards").joinpath("adam.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), AdamTable)
