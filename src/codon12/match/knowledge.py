"""Statements and trials as folders of TOML: what ships, and what users add."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

from codon12.errors import Codon12Error, InputError
from codon12.match import criteria as c
from codon12.match.alterations import alteration_sets, question_of
from codon12.match.patient import days_as_text
from codon12.match.statement import Statement
from codon12.match.tree import CRITERIA, Node, walk
from codon12.match.trial import Trial
from codon12.match.tumours import tumour_types

__all__ = ["Knowledge", "read_statement", "read_statements", "shipped_statements", "shipped_trials", "trial_of"]


class Knowledge(msgspec.Struct, frozen=True):
    """Statements in the order read, and what was said about reading them."""

    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """File of each statement."""

    def get(self, name: str) -> Statement:
        """Give a statement by its id.

        Raises
        ------
        InputError
            No such statement; the message names those that are near.
        """
        for s in self.statements:
            if s.id == name:
                return s
        near = [s.id for s in self.statements if any(p in s.id for p in name.split("/") if len(p) > 2)]
        hint = f"near it are: {', '.join(near[:5])}" if near else "codon12 match list shows those there are"
        raise InputError(f"no statement {name!r}; {hint}")

    def jurisdictions(self) -> tuple[str, ...]:
        """Jurisdictions in the order first met."""
        return tuple(dict.fromkeys(s.jurisdiction for s in self.statements))


def read_statement(given: Any, *, where: str) -> Statement:
    """Read a statement from plain values.

    Raises
    ------
    InputError
        An unknown key, effect, criterion or question; the message names statement, path and word.
    """
    name = given.get("id", "?") if isinstance(given, dict) else "?"
    try:
        made = msgspec.convert(days_as_text(given), Statement)
        _check_words(made.when)
        for i, held in enumerate(made.except_):
            _check_words(held.when, f"except[{i}].when")
    except (msgspec.ValidationError, ValueError, Codon12Error) as err:
        raise InputError(f"{where}, statement {name}: {_readable(err)}") from None
    return made


def _readable(err: Exception) -> str:
    text = str(err)
    return f"{text}. Known criteria: {', '.join(CRITERIA)}" if ".when" in text and "unknown field" in text else text


def _check_words(node: Node, path: str = "when") -> None:
    """Refuse a question, type or set that cannot be read, with its path."""
    for where, leaf in walk(node, path):
        try:
            if isinstance(leaf, c.TumourType):
                tumour_types().need(leaf.is_, where="is")
            elif isinstance(leaf, c.Alteration | c.ConfirmedBy):
                question_of(leaf.question)
            elif isinstance(leaf, c.AlterationSet) and leaf.name not in alteration_sets():
                raise InputError(f"no alteration set {leaf.name!r}; there are {', '.join(alteration_sets())}")
        except Codon12Error as err:
            raise InputError(f"{where}: {err}") from None


def read_statements(folder: Path | Traversable, *, name: str | None = None) -> Knowledge:
    """Read all ``*.toml`` of a folder, sorted by name; a file holds one statement, or several as ``[[statement]]``.

    Raises
    ------
    InputError
        The folder holds no statement, a file that is no TOML, or two statements of one id and version.
    """
    title = name or str(folder)
    if not folder.is_dir():
        raise InputError(f"{title}: no such folder of statements")
    found: list[Statement] = []
    sources: list[str] = []
    for file in sorted(_toml_files(folder), key=lambda f: f.name):
        where = f"{title}/{file.name}"
        for given in _entries(file, where, "statement"):
            found.append(read_statement(given, where=where))
            sources.append(where)
    if not found:
        raise InputError(f"{title}: no statement; statements are TOML files (codon12 match schema statement)")
    seen: set[tuple[str, int]] = set()
    for s, where in zip(found, sources, strict=True):
        if (s.id, s.version) in seen:
            raise InputError(f"{where}: statement {s.id} version {s.version} stands twice in {title}")
        seen.add((s.id, s.version))
    return Knowledge(tuple(found), (), tuple(sources))


def _toml_files(folder: Path | Traversable) -> Iterable[Any]:
    for entry in folder.iterdir():
        if entry.name.lower().endswith((".yaml", ".yml")):
            raise InputError(f"{entry.name}: statements are TOML, not YAML (codon12 match schema statement)")
        if entry.name.endswith(".toml") and entry.is_file():
            yield entry


def _entries(file: Any, where: str, key: str) -> list[Any]:
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as err:
        raise InputError(f"{where}: no TOML: {err}") from None
    if key not in raw:
        return [raw]
    rest = [k for k in raw if k != key]
    if rest or not isinstance(raw[key], list):
        raise InputError(f"{where}: beside [[{key}]] stands {', '.join(rest) or 'no list'}")
    return raw[key]


def joined(parts: Iterable[Knowledge]) -> Knowledge:
    """Join folders: of one id the highest version counts, of one version the later folder; said in the notes."""
    held: dict[str, tuple[Statement, str]] = {}
    notes: list[str] = []
    for part in parts:
        notes += part.notes
        for s, file in zip(part.statements, part.files, strict=True):
            old = held.get(s.id)
            if old is not None and old[0].version > s.version:
                notes.append(
                    f"{s.id}: version {s.version} of {file} gives way to version {old[0].version} of {old[1]}."
                )
                continue
            if old is not None and old[0].hash != s.hash:
                notes.append(f"{s.id}: version {s.version} of {file} replaces version {old[0].version} of {old[1]}.")
            held[s.id] = (s, file)
    return Knowledge(tuple(s for s, _ in held.values()), tuple(notes), tuple(f for _, f in held.values()))


@cache
def shipped_statements() -> Knowledge:
    """Give the statements that ship, all of them drafts."""
    return read_statements(files("codon12.match") / "statements", name="codon12")


@cache
def shipped_trials() -> tuple[Trial, ...]:
    """Give the trials that ship."""
    return read_trials(files("codon12.match") / "trials", name="codon12")


def read_trials(folder: Path | Traversable, *, name: str | None = None) -> tuple[Trial, ...]:
    """Read all trials of a folder.

    Raises
    ------
    InputError
        As `trial_of`; two trials of one id.
    """
    title = name or str(folder)
    out: dict[str, Trial] = {}
    for file in sorted(_toml_files(folder), key=lambda f: f.name):
        for given in _entries(file, f"{title}/{file.name}", "trial"):
            made = trial_of(given, where=f"{title}/{file.name}")
            if made.id in out:
                raise InputError(f"{title}/{file.name}: trial {made.id} stands twice")
            out[made.id] = made
    return tuple(out.values())


def read_trial_file(path: Path, *, name: str | None = None) -> Trial:
    """Read one trial of a TOML file, by its id where the file holds several.

    Raises
    ------
    InputError
        As `trial_of`; no such trial, or several and none is named.
    """
    made = [trial_of(given, where=str(path)) for given in _entries(path, str(path), "trial")]
    chosen = [t for t in made if name is None or t.id == name]
    if len(chosen) != 1:
        raise InputError(f"{path}: holds {', '.join(t.id for t in made)}; name one as {path}::ID")
    return chosen[0]


def trial_of(given: Any, *, where: str) -> Trial:
    """Read a trial from plain values.

    Raises
    ------
    InputError
        An unknown key or criterion; the message names trial, path and word.
    """
    name = given.get("id", "?") if isinstance(given, dict) else "?"
    try:
        made = msgspec.convert(days_as_text(given), Trial)
        for kind, listed in (("include", made.include), ("exclude", made.exclude)):
            for entry in listed:
                _check_words(entry.when, f"{kind}.{entry.id}.when")
    except (msgspec.ValidationError, ValueError, Codon12Error) as err:
        raise InputError(f"{where}, trial {name}: {_readable(err)}") from None
    return made
