"""What the cells of a column are: dates and their order, numbers, words of a kind."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import polars as pl

from codon12.init.day_formats import DATE, ISO_DAY, PARTIAL, Dates, dates_of
from codon12.init.vocabulary import (
    answers_in,
    beside_words,
    is_missing,
    response_word,
    sex_letters,
    spoken_word,
    vital_word,
    words,
    words_of,
)
from codon12.records.columns.late_entry import SERIAL_DAYS
from codon12.records.terms.events import grade

GRADES = {f"grade{n}": str(n) for n in range(1, 6)}
"""Words of CTCAE for its grades -> the grade."""
STATES = {"present": "PRESENT", "absent": "ABSENT", "progressed": "UNEQUIVOCAL PROGRESSION"}
SETTINGS = {
    "before": "PRIOR ANTI-CANCER THERAPY",
    "during": "STUDY TREATMENT",
    "after": "SUBSEQUENT ANTI-CANCER THERAPY",
}
__all__ = ["GRADES", "SETTINGS", "STATES", "Values", "looks_like_value", "no_day", "serial_days", "values_of"]

_NUMBER = r"^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$"
_COMMA = r"^[+-]?\d+,\d+$"
_HGVS = r"^(?:p\.)?\(?(?:[A-Z][a-z]{2}|[A-Z])\d+(?:(?:[A-Z][a-z]{2}|[A-Z*=])(?:\D|$)|fs|del|ins|dup|_)"
_EXON = r"^(?i:ex(?:on)? ?\d{1,2} ?(?:del|ins|skip|dup))"
_STAGE = re.compile(r"(?:stage |stadium |stade |estadio |stadio )?(?:0|i{1,3}|iv|iii?/iv)(?:[abcs]\d?)?")
_GRADES_APART = r"^(?i:(?:(?:grade|gr|g)[ .]*)?(?:[<>≤≥]=?|=)? ?[0-5](?: ?[-–/] ?[1-5])?)$"
"""No grade, or one of several: such cells are told one by one when they are read."""
_ENOUGH = 0.9
_SHORTEST_DRUG = 6
_MOST_ENDINGS = 4
_FEW_TEXTS = 40
_NO_DAY = re.compile(
    r"(?:99|88|00|0)[./-](?:99|88|00|0|0?1)[./-](?:9999|99|0000|1900|8888|00)|(?:9999|0000|8888|1111)[./-]\d\d[./-]\d\d|"
    r"\d\d?[./-]\d\d?[./-](?:9999|0000|8888|1111)|0?1[./-]0?1[./-](?:1900|1800|1700|2099|2100)|"
    r"(?:1900|1800|1700|2099|2100)-01-0[01](?:[ T]00:00:00(?:\.0+)?)?|1899-12-3\d(?:[ T]00:00:00(?:\.0+)?)?"
)


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """A short description of a column's cells."""

    filled: int
    rows: int
    distinct: int
    numbers: float
    """Share of filled cells that are numbers (decimal commas included)."""
    comma: bool
    """Whether decimal commas occur."""
    low: float | None
    high: float | None
    whole: bool
    dates: Dates | None
    words: tuple[str, ...]
    """Distinct texts, in order, of a column that has few; else the first ones."""
    kinds: dict[str, float]
    """Kind (sex, yesno, dead, event, recist, hgvs, grade, code01) -> share of the cells that do not say missing."""
    missing: tuple[str, ...] = ()
    """Words that say missing."""
    thousands: str | None = None
    """A cell that may have its thousands parted (``1,167``), where others are whole numbers or all are such."""
    unsaid: int = 0
    """Cells that hold such a word."""
    endings: tuple[str, ...] = ()
    """What stands after the number in cells that are each a number with a text behind it."""
    ended: tuple[float, float] = (0.0, 0.0)
    """Lowest and highest of these numbers."""


def looks_like_value(text: str) -> bool:
    """Tell whether a cell is a number or a date, which no heading is.

    Examples
    --------
    >>> [looks_like_value(t) for t in ("64", "29.11.2021", "1,5", "Alter", "OS 12")]
    [True, True, True, False, False]
    """
    return bool(re.match(f"{_NUMBER}|{_COMMA}|{DATE}|{PARTIAL}", text))


def no_day(text: str) -> bool:
    """Tell whether a cell is what programs and people write in place of a date.

    Examples
    --------
    >>> [no_day(t) for t in ("99.99.9999", "01/01/1900", "9999-12-31", "01.01.2020", "1957-01-01")]
    [True, True, True, False, False]
    """
    return _NO_DAY.fullmatch(text) is not None


def serial_days(values: Values) -> bool:
    """Tell whether all cells are serial numbers of a spreadsheet from 2000 to 2035, the days that a study has.

    Examples
    --------
    >>> serial_days(values_of(pl.Series(["43831", "44012"]))), serial_days(values_of(pl.Series(["12", "43831"])))
    (True, False)
    """
    low, high = values.low or 0, values.high or 0
    return values.numbers == 1 and values.whole and low >= SERIAL_DAYS[0] and high < SERIAL_DAYS[1]


def values_of(column: pl.Series) -> Values:
    """Describe the cells of a text column; words for missing count as empty.

    Examples
    --------
    >>> v = values_of(pl.Series(["29.11.2021", "03.02.2020", None]))
    >>> v.dates.formats
    ('%d.%m.%Y',)
    >>> values_of(pl.Series(["03/04/2021", "05/06/2021"])).dates.choices
    (('%d/%m/%Y',), ('%m/%d/%Y',))
    """
    text = column.cast(pl.String).str.strip_chars()
    all_texts = text.drop_nulls()
    counts = all_texts.alias("text").value_counts(name="n").sort("n", "text", descending=[True, False])
    names = counts["text"].to_list()
    dated = any(re.match(f"{DATE}|{ISO_DAY}", n) for n in names[:_FEW_TEXTS])
    answers = answers_in(names[:_FEW_TEXTS])  # a dash beside a plus is no, and not missing
    missing = tuple(
        sorted(
            n
            for n in names
            if (is_missing(n) and answers.get(spoken_word(n)) != "no")
            or no_day(n)
            or (dated and vital_word(n) == "alive")
        )
    )
    filled = all_texts.filter(~all_texts.is_in(list(missing))) if missing else all_texts
    texts = [n for n in names if n not in set(missing)]
    size = len(filled)
    plain = filled.str.replace(",", ".", literal=True)
    comma = size > 0 and bool(filled.str.contains(_COMMA).any())
    numbers = (plain if comma else filled).filter((plain if comma else filled).str.contains(_NUMBER)).cast(pl.Float64)
    low, high = (numbers.min(), numbers.max()) if len(numbers) else (None, None)
    few = texts[:_FEW_TEXTS]
    endings, ended = _endings(filled) if len(numbers) < _ENOUGH * size else ((), (0.0, 0.0))
    return Values(
        endings=endings,
        ended=ended,
        filled=size,
        rows=len(text),
        distinct=len(texts),
        numbers=len(numbers) / size if size else 0.0,
        comma=comma,
        low=None if low is None else float(low),  # pyrefly: ignore[bad-argument-type]
        high=None if high is None else float(high),  # pyrefly: ignore[bad-argument-type]
        whole=bool(len(numbers)) and bool((numbers == numbers.round(0)).all()),
        dates=dates_of(filled),
        words=tuple(few),
        kinds=_kinds(texts, filled) if len(texts) <= 200 else _hgvs(filled),
        missing=missing,
        thousands=_thousands(filled),
        unsaid=len(all_texts) - size,
    )


def _thousands(filled: pl.Series) -> str | None:
    """A cell such as ``1,167`` or ``1.167`` where no cell has other decimals, and whole ones reach three digits."""
    parted = filled.str.contains(r"^[1-9]\d{0,2}[.,]\d{3}$")
    if not parted.any() or (filled.str.contains(r"\d[.,]\d") & ~parted).any():
        return None
    whole = filled.filter(~parted)
    return str(filled.filter(parted)[0]) if whole.is_empty() or whole.str.contains(r"^\d{3}$").any() else None


def _endings(filled: pl.Series) -> tuple[tuple[str, ...], tuple[float, float]]:
    """Texts behind numbers, the longest first, where every cell is a number with or without one of a few."""
    parts = filled.to_frame("c").select(
        n=pl.col("c").str.extract(r"^(\d{1,4}(?:[.,]\d+)?)").str.replace(",", ".", literal=True).cast(pl.Float64),
        e=pl.col("c").str.extract(r"^\d{1,4}(?:[.,]\d+)?( ?[^\d.,][^\d]{0,11})?$").fill_null(""),
        all=pl.col("c").str.contains(r"^\d{1,4}(?:[.,]\d+)?(?: ?[^\d.,][^\d]{0,11})?$"),
    )
    texts = sorted({e for e in parts["e"].unique() if e}, key=lambda e: (-len(e), e))
    if not parts["all"].all() or not texts or len(texts) > _MOST_ENDINGS:
        return (), (0.0, 0.0)
    low, high = parts["n"].min(), parts["n"].max()
    return tuple(texts), (float(low), float(high))  # pyrefly: ignore[bad-argument-type]


def _share(hits: pl.Series, size: int) -> float:
    return float(hits.sum()) / size if size else 0.0


def _hgvs(filled: pl.Series) -> dict[str, float]:
    return {"hgvs": _share(filled.str.contains(f"{_HGVS}|{_EXON}"), len(filled))}


def _is_drug(text: str) -> bool:
    """Whether a cell names a drug, alone or with others: by how such names end."""
    ends = tuple(beside_words("drugs"))
    return any(w in beside_words("regimens") or (len(w) > _SHORTEST_DRUG and w.endswith(ends)) for w in words(text))


_OF_WORDS: dict[str, Callable[[str], bool]] = {
    "sex": lambda w: w in words_of("female", "male") or w in sex_letters(),
    "dead": lambda w: vital_word(w) is not None,
    "event": lambda w: w in words_of("event", "censored", "dead", "alive"),
    "recist": lambda w: response_word(w) is not None,
    "group": lambda w: w in words_of("target", "nontarget", "new"),
    "state": lambda w: w in words_of(*STATES),
    "setting": lambda w: w in words_of(*SETTINGS),
    "stage": lambda w: _STAGE.fullmatch(w) is not None,
    "smoking": lambda w: w in words_of("smoker"),
    "hist": lambda w: w.startswith(tuple(beside_words("histology"))),
    "drug": _is_drug,
    "code01": lambda w: w in ("0", "1", "0.0", "1.0"),
}


def _kinds(texts: list[str], filled: pl.Series) -> dict[str, float]:
    out = _hgvs(filled)
    spoken = {t: spoken_word(t) for t in texts}
    answers = answers_in(texts)
    told = {"yesno": lambda w: w in answers, "inevaluable": lambda w: w in words_of("NE") and w not in answers}
    for kind, test in (_OF_WORDS | told).items():
        hit = [t for t in texts if test(spoken[t])]
        out[kind] = _share(filled.is_in(hit), len(filled)) if hit else 0.0
    words_ = [t for t in texts if spoken[t] in words_of(*GRADES)]
    out["grade"] = _share(
        filled.to_frame("c").select(
            grade("c").is_not_null() | pl.col("c").str.contains(_GRADES_APART) | pl.col("c").is_in(words_)
        )[:, 0],
        len(filled),
    )
    return out
