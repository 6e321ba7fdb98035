"""What one table is taken for, by the columns it has, its keys, and the keys of the other tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
import polars as pl

from codon12.init.belief import ColumnBelief, Confidence
from codon12.init.columns import believe_columns
from codon12.init.dictionaries import data_dictionary
from codon12.init.look import Seen
from codon12.init.rows import Strangers, strangers
from codon12.init.together import with_key
from codon12.init.values import Values
from codon12.init.vocabulary import heading_roles, spoken_word

__all__ = ["Join", "Known", "code_lists", "know", "overlap", "with_roles"]

_WIDE = 400
_ABOUT_PATIENTS = frozenset(
    (
        *("SEX", "AGE", "AGEGR1", "BRTHDT", "BRTHYR", "RACE", "ARM", "DRUG_TYPE", "DIAGDT", "RANDDT", "TRTSDT"),
        *("TRTEDT", "DTHDT", "LSTALVDT", "PROGDT", "VITAL", "DAYS_DEATH", "BOR", "ECOG", "KPS", "SMOKING", "HIST"),
        *("STAGE", "LINES", "PDL1", "TMB"),
    )
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A table with what is believed of it."""

    seen: Seen
    kind: str | None
    """patients, lines, samples, mutations, lesions, responses, events (adverse), dictionary; None: not used."""
    confidence: Confidence
    why: str
    columns: tuple[tuple[ColumnBelief, Values], ...]
    fill: tuple[str, ...] = ()
    """Columns whose merged cells repeat the one above."""
    strangers: Strangers | None = None
    """Rows of no patient, which are left out."""
    joins: tuple[Join, ...] = ()
    """Columns of other tables that stand among the columns."""
    repeated: int = 0
    """Rows that equal another one in every column, and do not stand in `seen`."""
    pick: str | None = None
    """Which of several rows of a patient counts, first or last; `seen` holds those that do."""
    order: str | None = None
    """Column that orders them; None: as they stand in the file."""

    def column(self, role: str) -> ColumnBelief | None:
        """Column that is taken for a role, unsure ones aside."""
        return next((b for b, _ in self.columns if b.role == role and b.confidence != "unsure"), None)

    def roles(self) -> set[str]:
        """Roles that columns are taken for, unsure ones aside."""
        return {b.role for b, _ in self.columns if b.role is not None and b.confidence != "unsure"}

    def cells_of(self, column: str) -> pl.Series:
        """Cells of a column by its name."""
        return self.seen.frame[column]

    def cells(self, belief: ColumnBelief) -> pl.Series:
        """Cells of a column."""
        return self.seen.frame[belief.column]


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """Columns of another table that are read as columns of one of patients."""

    name: str
    other: Known
    key: str
    on: str
    columns: dict[str, str]
    """Name in the table of patients -> name in the other."""
    order: str | None
    """Column that tells the latest (or first) row of a patient; None: one row a patient."""
    where: str | None
    """SQL predicate that keeps one row a patient: the first line of therapy."""
    why: str
    pick: Literal["first", "last"] = "last"
    """Which row of a patient counts by `order`."""


def code_lists(tables: list[Seen]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Code lists of dictionary sheets and of files that hold them: column in small letters -> code -> meaning.

    Beside the codes stands what the column is called at length, under the empty code; and the places they stand in.
    """
    out: dict[str, dict[str, str]] = {}
    places = []
    for seen in tables:
        for column, read in seen.codes.items():
            out.setdefault(spoken_word(column), {}).update(read)
        if seen.frame.width > 20 or seen.frame.height > 3000:
            continue
        if (held := data_dictionary(seen.frame)) is not None:
            for column, read in held.items():
                out.setdefault(spoken_word(column), {}).update(read)
            places.append(f"{seen.file}#{seen.sheet or ''}")
            continue
        named = {role for column in seen.frame.columns for role, _, whole in heading_roles(column) if whole}
        if not {"CODE_OF", "CODE", "MEANING"} <= named:
            continue
        beliefs = believe_columns(seen)
        by_role = {b.role: b.column for b, v in beliefs if b.role in ("CODE_OF", "CODE", "MEANING")}
        if set(by_role) != {"CODE_OF", "CODE", "MEANING"}:
            continue
        rows = seen.frame.select(by_role["CODE_OF"], by_role["CODE"], by_role["MEANING"])
        rows = rows.with_columns(pl.col(by_role["CODE_OF"]).fill_null(strategy="forward")).drop_nulls()
        for column, code, meaning in rows.iter_rows():
            out.setdefault(spoken_word(column), {})[code] = meaning
        places.append(f"{seen.file}#{seen.sheet or ''}")
    return out, places


def know(seen: Seen, codes: dict[str, dict[str, str]], dictionaries: list[str], *, key: str | None = None) -> Known:
    """Say what a table is; `key` is the column that names the patient, where that was told."""
    if f"{seen.file}#{seen.sheet or ''}" in dictionaries:
        why = "columns for a variable, its codes and their meaning: a dictionary; its code lists were read"
        return Known(seen=seen, kind="dictionary", confidence="sure", why=why, columns=())
    if seen.frame.width > _WIDE:
        return Known(
            seen=seen, kind=None, confidence="unsure", why=f"{seen.frame.width:,} columns: a matrix", columns=()
        )
    columns = with_key(believe_columns(seen, codes), seen.above, seen.frame, key)
    if seen.hidden:
        why = "the workbook hides this sheet; show it in the spreadsheet program and save, to have it read"
        return Known(seen=seen, kind=None, confidence="unsure", why=why, columns=columns)
    filled, fill = _filled(seen, columns)
    gone = None
    for name in (b.column for b, _ in columns if b.role == "USUBJID" and b.confidence != "unsure" and not seen.sampled):
        gone = strangers(filled.frame, name)
    if gone is not None:
        filled = msgspec.structs.replace(filled, frame=filled.frame.filter(gone.keep))
    columns = with_key(believe_columns(filled, codes), seen.above, filled.frame, key) if fill or gone else columns
    known = Known(seen=filled, kind=None, confidence="unsure", why="", columns=columns, fill=fill, strangers=gone)
    known = _without_repeats(known)
    kind, confidence, why = _kind(known)
    return msgspec.structs.replace(known, kind=kind, confidence=confidence, why=why)


def with_roles(known: Known, told: Mapping[str, str]) -> Known:
    """Give a table some of whose columns (by role) were told, and what it is then."""
    if not told:
        return known
    meant = {column: role for role, column in told.items()}
    columns = []
    for belief, values in known.columns:
        role = meant.get(belief.column)
        if role is not None:
            own = values.dates
            formats = own.formats if own is not None else belief.formats
            sure: Confidence = "unsure" if own is not None and own.choices else "sure"
            belief = msgspec.structs.replace(  # noqa: PLW2901 - the column as it was told
                belief, role=role, confidence=sure, why="as you said", formats=formats, alternatives=()
            )
        elif belief.role in told:
            belief = msgspec.structs.replace(belief, confidence="unsure", why=f"{belief.why}; you named another")  # noqa: PLW2901
        columns.append((belief, values))
    known = msgspec.structs.replace(known, columns=tuple(columns))
    kind, confidence, why = _kind(known)
    return msgspec.structs.replace(known, kind=kind, confidence=confidence, why=why)


def _without_repeats(known: Known) -> Known:
    """Count rows that are equal in every column once, where that leaves one row a patient."""
    key = known.column("USUBJID")
    if key is None or known.seen.sampled or _unique(known.cells(key)):
        return known
    frame = known.seen.frame.unique(maintain_order=True)
    again = known.seen.frame.height - frame.height
    if not again or not _unique(frame[key.column]):
        return known
    return msgspec.structs.replace(known, seen=msgspec.structs.replace(known.seen, frame=frame), repeated=again)


def _filled(seen: Seen, columns: tuple[tuple[ColumnBelief, Values], ...]) -> tuple[Seen, tuple[str, ...]]:
    """Fill merged cells of the key downwards: it stands once, over rows that say more of the same patient."""
    for belief, values in columns:
        if belief.role != "USUBJID" or belief.confidence == "unsure":
            continue
        column = seen.frame[belief.column]
        gaps = column.null_count()
        if gaps < 0.2 * len(column) or column[0] is None or values.distinct < len(column) - gaps:
            return seen, ()
        frame = seen.frame.with_columns(pl.col(belief.column).fill_null(strategy="forward"))
        return msgspec.structs.replace(seen, frame=frame), (belief.column,)
    return seen, ()


def _kind(known: Known) -> tuple[str | None, Confidence, str]:
    roles = known.roles()
    key = known.column("USUBJID")
    if "GENE" in roles and roles & {"PROTEIN", "VARIANT"}:
        return "mutations", "sure", "a gene and its change in every row: mutations"
    about = roles & _ABOUT_PATIENTS
    times = {r for r in roles if r.endswith(("_TIME", "_STATUS"))}
    sample = known.column("SAMPLE_ID")
    if key is None:
        if sample is not None and len(about) + len(times) >= 3 and _unique(known.cells(sample)):
            why = f"one row a sample and what is known of patients ({_listed(about | times)}): taken for a patient"
            return "patients", "likely", why
        may = [b.column for b, _ in known.columns if b.role == "USUBJID"]
        said = f"; it may be {', '.join(may[:3])}" if may else ""
        return None, "unsure", f"no column was found that names the patient{said}"
    unique = _unique(known.cells(key))
    if "LESION" in roles and "SIZE" in roles and not unique:
        return (
            "lesions",
            "sure" if "ASSDT" in roles else "unsure",
            "several rows a patient with a lesion and its size: lesions",
        )
    told = roles & {"GRADE", "ONSET", "CAUSAL", "SERIOUS"}
    if "TERM" in roles and (len(told) > int(unique) or ("GRADE" in told and about <= {"TRTSDT", "TRTEDT"})):
        return "events", "sure", f"a term and what is said of the event ({_listed(told)}): adverse events"
    line = known.column("LINE")
    per_line = line is not None and not known.seen.frame.select(key.column, line.column).is_duplicated().any()
    if not unique and "BOR" in roles and "ASSDT" in roles and not per_line:
        return "responses", "likely", "several rows a patient with a date and a response: assessments"
    if not unique and "LINE" in roles and len(about) + len(times) >= 2:
        return (
            "lines",
            "likely",
            f"several rows a patient, told apart by the line of therapy ({_listed(about | times)})",
        )
    if sample is not None and not times and not roles & {"SEX", "DTHDT", "VITAL", "TRTSDT"}:
        return "samples", "likely", "a sample and its patient in every row: samples"
    if unique and len(about) + len(times) >= 2:
        sure: Confidence = "sure" if len(about) + len(times) >= 4 else "likely"
        return "patients", sure, f"one row a patient ({_listed(about | times)})"
    why = (
        "one row a patient, of whom too little was recognised"
        if unique
        else "several rows a patient, of what is not clear"
    )
    return None, "unsure", why


def _unique(cells: pl.Series) -> bool:
    filled = cells.drop_nulls()
    return len(filled) > 0 and filled.n_unique() == len(filled)


def _listed(roles: set[str]) -> str:
    return ", ".join(sorted(roles)[:6]) + (" ..." if len(roles) > 6 else "")


def overlap(left: pl.Series, right: pl.Series) -> float:
    """Share of the distinct cells of the first that stand in the second.

    Examples
    --------
    >>> overlap(pl.Series(["a", "b", "b"]), pl.Series(["b"]))
    0.5
    """
    mine = left.drop_nulls().unique()
    return float(mine.is_in(right.drop_nulls().unique().implode()).sum()) / len(mine) if len(mine) else 0.0
