"""Value-level metadata, and types and lengths as the values of a column have them."""

from __future__ import annotations

import re

import msgspec
import polars as pl

from codon12.standards.datasets import Dataset

__all__ = ["ValueItem", "number_lengths", "text_type", "value_items"]

_DATE = r"^\d{4}-\d{2}-\d{2}$"
_PARTIAL = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"


class ValueItem(msgspec.Struct, frozen=True, kw_only=True):
    """What a variable is where another one has one value."""

    dataset: str
    variable: str
    by: str
    value: str
    label: str
    type: str
    length: int
    digits: int | None = None
    oid: str
    where: str


def value_items(data: Dataset) -> list[ValueItem]:
    """Value level of a data set: results by parameter, test or qualifier; one item a value that occurs.

    Examples
    --------
    >>> from codon12.standards.metadata import Column
    >>> frame = pl.DataFrame({"PARAMCD": ["OS"], "AVAL": [1.5]})
    >>> data = Dataset("ADTTE", "", frame, (Column(name="PARAMCD", label=""), Column(name="AVAL", label="")))
    >>> [(i.variable, i.value, i.type, i.digits) for i in value_items(data)]
    [('AVAL', 'OS', 'float', 1)]
    """
    out = []
    for by, variables, names in _levels(data):
        labels = _labels(data, by, names)
        for at, value in enumerate(data.frame[by].drop_nulls().unique().sort().to_list(), 1):
            rows = data.frame.filter(pl.col(by) == value)
            for variable in variables:
                held = rows[variable].drop_nulls()
                if held.is_empty():
                    continue
                out.append(_item(data, by, str(value), variable, held, labels.get(str(value)) or str(value), at))
    return out


def _levels(data: Dataset) -> list[tuple[str, list[str], str]]:
    """Variable that says what a result is, the variables of the result, and where its name stands."""
    have, domain = set(data.frame.columns), data.name
    wanted = [
        ("PARAMCD", ["AVAL", "AVALC"], "PARAM"),
        (f"{domain}TESTCD", [f"{domain}ORRES", f"{domain}STRESC", f"{domain}STRESN"], f"{domain}TEST"),
        ("QNAM", ["QVAL"], "QLABEL"),
        ("TSPARMCD", ["TSVAL"], "TSPARM"),
    ]
    return [(by, [v for v in found if v in have], name) for by, found, name in wanted if by in have]


def _labels(data: Dataset, by: str, name: str) -> dict[str, str]:
    if name not in data.frame.columns:
        return {}
    pairs = data.frame.select(by, name).drop_nulls().unique(by, keep="first", maintain_order=True)
    return dict(pairs.iter_rows())


def _item(data: Dataset, by: str, value: str, variable: str, held: pl.Series, label: str, at: int) -> ValueItem:
    digits = None
    if held.dtype == pl.String:
        kind, length = "text", int(held.str.len_bytes().max() or 1)  # type: ignore[arg-type]  # a number of bytes
    else:
        length, decimals = number_lengths(held)
        kind = "float" if held.dtype.is_float() and decimals else "integer"
        digits = decimals if kind == "float" else None
    plain = value if re.fullmatch(r"[A-Za-z0-9_.]+", value) else f"V{at}"  # an OID is no place for any text
    return ValueItem(
        dataset=data.name, variable=variable, by=by, value=value, label=label, type=kind, length=max(1, length),
        digits=digits, oid=f"IT.{data.name}.{variable}.{plain}", where=f"WC.{data.name}.{by}.{plain}",
    )  # fmt: skip


def number_lengths(numbers: pl.Series) -> tuple[int, int]:
    """Characters of the longest number as printed, and most digits after the point; trailing .0 is none.

    Examples
    --------
    >>> number_lengths(pl.Series([1.0, 12.25])), number_lengths(pl.Series([7]))
    ((5, 2), (1, 0))
    """
    text = numbers.drop_nulls().cast(pl.String).str.strip_suffix(".0")
    if text.is_empty():
        return 1, 0
    digits = text.str.extract(r"\.(\d+)", 1).str.len_chars().max()
    return int(text.str.len_chars().max() or 1), int(digits or 0)  # type: ignore[arg-type]  # numbers of characters


def text_type(texts: pl.Series, name: str) -> str:
    """Type of a text variable: dates of SDTM (``--DTC``) are dates, partial or whole, everything else is text.

    Examples
    --------
    >>> text_type(pl.Series(["2014-02", "2014-02-03"]), "AESTDTC"), text_type(pl.Series(["x"]), "AETERM")
    ('partialDate', 'text')
    """
    held = texts.drop_nulls() if name.endswith("DTC") else texts.clear()
    if held.is_empty():
        return "text"
    for kind, pattern in (("date", _DATE), ("partialDate", _PARTIAL), ("datetime", _TIME)):
        if held.str.contains(pattern).all():
            return kind
    return "incompleteDatetime" if held.str.contains(r"^\d{4}|^-").all() else "text"
