"""Names of at most 8 characters and labels of at most 40: the table of shortened ones, agreed or made by rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding

__all__ = ["LABEL_BYTES", "NAME_BYTES", "Agreed", "agreed_names", "short_label", "short_names"]

NAME_BYTES, LABEL_BYTES = 8, 40
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")


class Agreed(msgspec.Struct, frozen=True):
    """Names and labels that people have agreed on: (table, variable) -> what stands in the file."""

    names: Mapping[tuple[str, str], str] = {}
    labels: Mapping[tuple[str, str], str] = {}


def agreed_names(path: Path) -> Agreed:
    """Read an agreed table: CSV with TABLE, VARIABLE, NAME and, where wanted, LABEL.

    Raises
    ------
    InputError
        It cannot be read, lacks a column, gives a name of more than 8 characters or one name twice in a table.
    """
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as err:
        raise InputError(f"{path.name}: cannot be read as CSV with TABLE, VARIABLE, NAME, LABEL: {err}") from None
    missing = [c for c in ("TABLE", "VARIABLE", "NAME") if c not in frame.columns]
    if missing:
        raise InputError(f"{path.name}: has no column {', '.join(missing)}; it needs TABLE, VARIABLE, NAME, [LABEL]")
    names: dict[tuple[str, str], str] = {}
    labels: dict[tuple[str, str], str] = {}
    taken: set[tuple[str, str]] = set()
    for at, row in enumerate(frame.iter_rows(named=True), 1):
        key = (str(row["TABLE"] or "").upper(), str(row["VARIABLE"] or "").upper())
        name = row["NAME"] or ""
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{path.name}, row {at}: {name!r} is no name of at most 8 capitals, digits and underscores"
            )
        if (key[0], name) in taken or key in names:
            raise InputError(f"{path.name}, row {at}: {name} or {key[1]} stands twice for table {key[0]}")
        taken.add((key[0], name))
        names[key] = name
        label = row.get("LABEL")
        if label:
            if len(label.encode()) > LABEL_BYTES:
                raise InputError(f"{path.name}, row {at}: the label has more than {LABEL_BYTES} bytes")
            labels[key] = label
    return Agreed(names, labels)


def short_names(table: str, names: Iterable[str], agreed: Agreed, *, fixed: Iterable[str] = ()) -> dict[str, str]:
    """Name of at most 8 characters for each variable of a table.

    The agreed one, else the name itself where it fits, else by rule: capitals without other signs, then without
    vowels from the right, then cut; of two that would be one the later gets a number. `fixed` are taken already.

    Examples
    --------
    >>> short_names("ADSL", ["AGE", "HISTOLOGY", "PLATINUM_PD1"], Agreed())
    {'AGE': 'AGE', 'HISTOLOGY': 'HISTOLGY', 'PLATINUM_PD1': 'PLTNMPD1'}
    """
    wanted = list(names)
    out: dict[str, str] = {}
    taken = set(fixed)
    for name in wanted:  # those that say their own name go before those that are cut
        given = agreed.names.get((table.upper(), name.upper()))
        if given is not None or _NAME.fullmatch(name):
            out[name] = given or name
            taken.add(out[name])
    for name in (n for n in wanted if n not in out):
        short = _cut(name)
        count = 1
        while short in taken:
            count += 1
            short = f"{_cut(name)[: NAME_BYTES - len(str(count))]}{count}"
        out[name] = short
        taken.add(short)
    return {name: out[name] for name in wanted}


def _cut(name: str) -> str:
    text = re.sub(r"[^A-Z0-9]", "", name.upper()) or "V"
    text = text if text[0].isalpha() else f"V{text}"
    at = len(text) - 1
    while len(text) > NAME_BYTES and at > 0:
        if text[at] in "AEIOU":
            text = text[:at] + text[at + 1 :]
        at -= 1
    return text[:NAME_BYTES]


def short_label(label: str) -> str:
    """Label of at most 40 bytes: cut between words, with an ellipsis in ASCII.

    Examples
    --------
    >>> short_label("Tumor mutational burden, mutations per megabase")
    'Tumor mutational burden, mutations...'
    """
    if len(label.encode()) <= LABEL_BYTES:
        return label
    cut = label.encode()[: LABEL_BYTES - 3].decode("utf-8", "ignore")
    at = cut.rfind(" ")
    return (cut[:at] if at > LABEL_BYTES // 2 else cut).rstrip(" ,;:") + "..."


def name_findings(table: str, short: Mapping[str, str], labels: Mapping[str, str]) -> list[Finding]:
    """Say which names and labels were shortened; `labels` are the whole ones of those cut."""
    out = [
        Finding(
            table=table,
            rule="name-shortened",
            severity="note",
            variable=name,
            value=new,
            message=f"{table}: the name {name} has no place in the format and was written as {new}.",
        )
        for name, new in short.items()
        if name != new
    ]
    return out + [
        Finding(
            table=table,
            rule="label-shortened",
            severity="note",
            variable=name,
            value=label,
            message=f"{table}: the label of {name} is longer than {LABEL_BYTES} bytes and was cut.",
        )
        for name, label in labels.items()
    ]
