"""Replace subject identifiers by pseudonyms, everywhere they can occur and nowhere else."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping

import polars as pl

from codon12.analyses import Evidence

__all__ = ["mask_frames", "mask_subjects", "pseudonyms"]

_SUBJECT = re.compile(
    r"(R|RF|A)?(US|S)UBJID(N)?|APID|(PATIENT|PAT|SUBJECT|SUBJ|PT)[_ ]?(ID|NO|NR|NUM|NUMBER)?", re.IGNORECASE
)
"""Columns that hold subjects: replaced whole, however short the identifier."""
_SAMPLE = re.compile(r".*(SAMPLE|BARCODE|SPECIMEN|ALIQUOT).*|SPCID|..REFID|REFID|..SPID", re.IGNORECASE)
"""Columns that hold names made of a subject's: its own identifier is replaced inside them."""
_PLACES = ("STUDYID", "SITEID", "INVID", "INVNAM", "COUNTRY", "SRCDOM", "SRCVAR", "SRCFILE", "FILE", "SHA256", "TABLE")
"""Columns that never hold a subject, though a site may be numbered like one."""
_ENOUGH_CHARS = 5
"""Shorter identifiers are looked for only where the record says that a subject stands there."""
_ENOUGH_DIGITS = 9
"""So are identifiers of fewer digits and nothing else: a count, a date or a site looks the same."""
_ENOUGH_SUBJECTS = 10
"""A column that repeats the identifier of every row, for so many subjects, holds subjects whatever its name."""
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_ASKED = re.compile(
    r"""(\b(?:USUBJID|SUBJID)"?\s*(?:=|<>|!=|(?:NOT\s+)?IN)\s*)(\((?:[^')]|'(?:[^']|'')*')*\)|'(?:[^']|'')*')""",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"""(\b(?i:(?:subject|patient|u?subjid)\b[\s=:'"]+|(?:subjects|patients)\s+))"""
    r"""([\w./-]*\w(?:(?:,\s*|\s+and\s+|,\s+and\s+)[\w./-]*\w)*)"""
)
_WORD = re.compile(r"[\w./-]*\w")
"""One identifier in a sentence's list of subjects."""


def pseudonyms(subjects: pl.Series) -> dict[str, str]:
    """Identifier -> pseudonym ``P0001``, numbered in the order of the identifiers' SHA-256.

    The same set of subjects always gives the same pseudonyms, whatever the order of rows. This keeps identifiers
    out of what is shown; it does not make the data anonymous (dates and rare values remain, and whoever has the list
    of identifiers can repeat the numbering).

    Examples
    --------
    >>> sorted(pseudonyms(pl.Series(["01-002", "01-001", "01-002"])).values())
    ['P0001', 'P0002']
    """
    ids = sorted(subjects.drop_nulls().unique().to_list(), key=lambda s: (hashlib.sha256(s.encode()).digest(), s))
    width = max(4, len(str(len(ids))))
    return {s: f"P{i:0{width}d}" for i, s in enumerate(ids, start=1)}


def mask_subjects(evidence: Evidence) -> Evidence:
    """Evidence of the same study with pseudonyms in numbers, frames, findings, predicates and methods.

    Columns that hold subjects (USUBJID, SUBJID, PATIENT_ID ...; text or numbers) are replaced whole, names of samples
    where they contain their subject's identifier. In every other text (a finding's sentence, a predicate, a comment)
    identifiers are replaced from 5 characters on; shorter ones, and those of up to 8 digits alone, only where the
    text says that a subject is meant (``USUBJID = '7'``, "subject 7"). A value that merely looks like an identifier,
    such as a performance status of 1 or the number of a site, stays.
    """
    frames: Mapping[str, pl.DataFrame] = evidence.frames
    names = _named(frames)
    if not names:
        return evidence
    masks = _Masks(names, _own(frames, names))
    numbers: pl.DataFrame = masks.frame(evidence.numbers)
    if "subjects" in numbers.columns:
        renamed = pl.col("subjects").list.eval(pl.element().replace(names)).list.sort()
        numbers = numbers.with_columns(renamed)
    return dataclasses.replace(
        evidence,
        numbers=numbers,
        frames={k: masks.frame(f) for k, f in frames.items()},
        methods=[(heading, masks.texts(pl.Series([said]))[0]) for heading, said in evidence.methods],
    )


def mask_frames(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Frames of one study with pseudonyms in place of its subjects, by the rules of `mask_subjects`.

    Examples
    --------
    >>> mask_frames({"adsl": pl.DataFrame({"USUBJID": ["01-001"], "AGE": [60]})})["adsl"].row(0)
    ('P0001', 60)
    """
    names = _named(frames)
    masks = _Masks(names, _own(frames, names)) if names else None
    return {k: f if masks is None else masks.frame(f) for k, f in frames.items()}


def _named(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    found = [f["USUBJID"].cast(pl.String) for f in frames.values() if "USUBJID" in f.columns]
    return pseudonyms(pl.concat(found).rename("USUBJID")) if found else {}


def _own(frames: Mapping[str, pl.DataFrame], names: Mapping[str, str]) -> dict[str, str]:
    """Identifiers within a site (SUBJID and its kin) that belong to one subject alone, with the pseudonym."""
    own: dict[str, set[str]] = {}
    for frame in frames.values():
        if "USUBJID" not in frame.columns:
            continue
        for column in (c for c in frame.columns if c != "USUBJID" and _holds_subjects(frame, c)):
            pairs = frame.select(pl.col("USUBJID", column).cast(pl.String)).drop_nulls().unique()
            for subject, inside in pairs.iter_rows():
                own.setdefault(inside, set()).add(names[subject])
    return {k: next(iter(v)) for k, v in sorted(own.items()) if len(v) == 1 and k not in names}


def _holds_subjects(frame: pl.DataFrame, column: str) -> bool:
    kind = frame.schema[column]
    if not (_is_text(kind) or kind.is_integer()):
        return False
    if _SUBJECT.fullmatch(column):
        return True
    if not _is_text(kind) or column.upper() in _PLACES or "USUBJID" not in frame.columns:
        return False
    theirs = [c for c in ("USUBJID", "SUBJID") if c in frame.columns and c != column]
    value = pl.col(column).cast(pl.String)
    for other in theirs:
        repeats = (
            frame.lazy()
            .filter(pl.col(column).is_not_null())
            .select(same=(value == pl.col(other).cast(pl.String)).fill_null(value=False).all(), many=value.n_unique())
            .collect()
        )
        if repeats["same"][0] and repeats["many"][0] >= _ENOUGH_SUBJECTS:
            return True
    return False


def _is_text(kind: pl.DataType) -> bool:
    return kind in (pl.String, pl.Categorical) or isinstance(kind, pl.Enum)


def _unmistakable(identifier: str) -> bool:
    """Whether an identifier is long enough to be known inside any text."""
    return len(identifier) >= (_ENOUGH_DIGITS if identifier.isdigit() else _ENOUGH_CHARS)


class _Masks:
    """What stands for each identifier, and where it is looked for."""

    def __init__(self, names: Mapping[str, str], own: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.every = {**own, **names}
        by_length = sorted(self.every, key=lambda k: (-len(k), k))
        self.plain = {k: self.every[k] for k in by_length if _unmistakable(k)}
        self.alike = {k: self.every[k] for k in by_length if k not in self.plain}
        self.identifiers: dict[str, list[str]] = {}
        for identifier in by_length:
            self.identifiers.setdefault(self.every[identifier], []).append(identifier)

    def frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Mask every column that holds subjects, samples or text."""
        subjects = frame["USUBJID"].cast(pl.String) if "USUBJID" in frame.columns else None
        out = []
        for column, kind in frame.schema.items():
            if _holds_subjects(frame, column):
                out.append(self._subjects(frame[column].cast(pl.String), subjects))
            elif not _is_text(kind) or column.upper() in _PLACES:
                continue
            else:
                values = frame[column].cast(pl.String)
                if subjects is not None and _SAMPLE.fullmatch(column):
                    values = self._inside(values, subjects, self._in_sample)
                elif subjects is not None and column in ("MESSAGE", "VALUE") and "RULE" in frame.columns:
                    about = (
                        frame["VARIABLE"]
                        .cast(pl.String)
                        .fill_null("")
                        .map_elements(lambda v: _SUBJECT.fullmatch(v) is not None, return_dtype=pl.Boolean)
                    )
                    named = self._inside(values, frame["VALUE"].cast(pl.String), self._in_sentence)
                    values = pl.select(pl.when(about).then(named).otherwise(values).alias(column)).to_series()
                    if column == "MESSAGE":
                        values = self._inside(values, subjects, self._in_long_sentence)
                out.append(self.texts(values))
        return frame.with_columns(out)

    def _subjects(self, values: pl.Series, subjects: pl.Series | None) -> pl.Series:
        if subjects is None or values.name == "USUBJID":
            return values.replace(self.every if values.name != "USUBJID" else self.names)
        mine = subjects.replace_strict(self.names, default=None, return_dtype=pl.String)
        known = values.replace(self.every)
        return pl.select(
            pl.when(values.is_null()).then(None).otherwise(pl.coalesce(mine, known)).alias(values.name)
        ).to_series()

    @staticmethod
    def _inside(values: pl.Series, subjects: pl.Series, replaced: Callable[[str, str], str]) -> pl.Series:
        """Replace in each text what belongs to the subject beside it; each pair once."""
        pairs = pl.DataFrame({"v": values, "s": subjects})
        once = pairs.unique().drop_nulls()
        made = [replaced(v, s) for v, s in once.iter_rows()]
        named = pairs.join(once.with_columns(new=pl.Series(made, dtype=pl.String)), on=["v", "s"], how="left",
                           maintain_order="left")  # fmt: skip
        return named.select(pl.coalesce("new", "v")).to_series().rename(values.name)

    def _in_sample(self, sample: str, subject: str) -> str:
        mine = self.names.get(subject)
        if mine is None:
            return sample
        for identifier in self.identifiers[mine]:
            if _unmistakable(identifier) and identifier in sample:
                return sample.replace(identifier, mine)
            got, n = re.subn(rf"(?<![^\W_]){re.escape(identifier)}(?![^\W_])", mine, sample, count=1)
            if n:
                return got
        return sample

    def _in_sentence(self, text: str, value: str) -> str:
        """Put the pseudonym where a finding about the identifier itself quotes it."""
        if value not in self.every:
            return text
        return re.sub(rf"(?<!\w)(?<!row ){re.escape(value)}(?!\w)", self.every[value], text)

    def _in_long_sentence(self, text: str, subject: str) -> str:
        """Put the pseudonym of the subject that a sentence is about where it names it by many digits."""
        return self._in_sentence(text, subject) if len(subject) >= _ENOUGH_CHARS else text

    def texts(self, values: pl.Series) -> pl.Series:
        """Every text with the identifiers in it replaced."""
        if self.plain:
            values = values.str.replace_many(list(self.plain), list(self.plain.values()), leftmost=True)
        if not self.alike:
            return values
        hint = values.str.contains(r"(?i)subj|patient").fill_null(value=False)
        if not hint.any():
            return values
        texts = values.filter(hint).unique().to_list()
        return values.replace({t: self._said(t) for t in texts})

    def _said(self, text: str) -> str:
        def asked(match: re.Match[str]) -> str:
            return match[1] + _QUOTED.sub(
                lambda q: f"'{self.every.get(q[1].replace(chr(39) * 2, chr(39)), q[1])}'", match[2]
            )

        def said(match: re.Match[str]) -> str:
            return match[1] + _WORD.sub(lambda w: self.alike.get(w[0], w[0]), match[2])

        return _SAID.sub(said, _ASKED.sub(asked, text))
