"""All kinds of analysis: those of this room, a file each, and those that other installed packages bring."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from types import MappingProxyType, ModuleType
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec

from codon12.analyses.kind import Analysis
from codon12.errors import ConfigError, UsageError

__all__ = ["GROUP", "Option", "kind_named", "kinds", "options_of", "sentence_of"]

GROUP = "codon12.analyses"
"""Entry-point group by which an installed package adds kinds: name of the kind -> class."""


@cache
def kinds() -> Mapping[str, type[Analysis]]:
    """Name of every kind -> its class, by place and name.

    Raises
    ------
    UsageError
        An installed package brings a kind that cannot be loaded, is none, or has a name that is taken.
    """
    found = {_tag(k): k for module in _modules() for k in vars(module).values() if _is_kind(k, module)}
    for entry in metadata.entry_points(group=GROUP):
        kind, who = _loaded(entry)
        if found.get(_tag(kind), kind) is not kind:
            raise UsageError(f"{who}: there is a kind of analysis {_tag(kind)!r} already; give it another tag")
        found[_tag(kind)] = kind
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: (item[1].place, item[0]))))


def kind_named(name: str, *, where: str) -> type[Analysis]:
    """Class of a kind.

    Raises
    ------
    ConfigError
        There is no such kind; the message names the nearest ones, and all.
    """
    known = kinds()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ConfigError(f"{where}: no kind of analysis {name!r}.{hint} Known kinds: {', '.join(sorted(known))}.")
    return known[name]


class Option(NamedTuple):
    """One option of a kind."""

    sentence: str
    default: Any
    """`msgspec.NODEFAULT` where it must be given."""
    choices: tuple[str, ...]
    """Values it may have, where they are few."""


def options_of(kind: type[Analysis], *, shared: bool = False) -> dict[str, Option]:
    """Options of a kind, by name.

    Those that every kind has are left out unless `shared`; one that a kind describes anew is its own.

    Examples
    --------
    >>> from codon12.analyses.kinds import kinds, options_of
    >>> options_of(kinds()["lollipop"])["genes"].sentence
    'Genes shown, in order; chosen by the analysis when left out.'
    """
    hints, common = (get_type_hints(k, include_extras=True) for k in (kind, Analysis))
    out = {}
    for field in msgspec.structs.fields(kind):
        bare, told = _parts(hints[field.name])
        if shared or field.name not in common or told != _parts(common[field.name])[1]:
            choices = get_args(bare) if get_origin(bare) is Literal else ()
            out[field.name] = Option(told, field.default, choices)
    return out


def sentence_of(kind: type[Analysis]) -> str:
    """What a kind gives, in one sentence: the first paragraph of its docstring."""
    return " ".join((kind.__doc__ or "").strip().partition("\n\n")[0].split())


def _parts(hint: Any) -> tuple[Any, str]:
    """Type and sentence of an annotation."""
    if get_origin(hint) is not Annotated:
        return hint, ""
    bare, *notes = get_args(hint)
    return bare, next((m.description or "" for m in notes if isinstance(m, msgspec.Meta)), "")


def _modules() -> Iterator[ModuleType]:
    package = importlib.import_module(__name__.rpartition(".")[0])
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


def _is_kind(value: Any, module: ModuleType) -> bool:
    """Whether a value is a class with a tag of its own, made in this module."""
    made = isinstance(value, type) and issubclass(value, Analysis) and value.__module__ == module.__name__
    return made and value.__struct_config__.tag != value.__name__


def _tag(kind: type[Analysis]) -> str:
    return str(kind.__struct_config__.tag)


def _loaded(entry: metadata.EntryPoint) -> tuple[type[Analysis], str]:
    who = f"package {entry.dist.name}" if entry.dist is not None else entry.value
    try:
        kind = entry.load()
    except Exception as err:  # whatever another package raises
        raise UsageError(f"{who}: the kind of analysis {entry.name!r} cannot be loaded: {err}") from err
    if not (isinstance(kind, type) and issubclass(kind, Analysis) and _tag(kind) != kind.__name__):
        raise UsageError(
            f"{who}: {entry.value} is no kind of analysis: a subclass of codon12.analyses.Analysis, tagged"
        )
    return kind, who
