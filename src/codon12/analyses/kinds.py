"""All kinds of analysis: those of this room, a file each, and those that other installed packages bring."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from types import MappingProxyType, ModuleType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from codon12.analyses.kind import Analysis
from codon12.errors import ConfigError, UsageError

__all__ = ["GROUP", "kind_named", "kinds", "options_of"]

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


def options_of(kind: type[Analysis], *, shared: bool = False) -> dict[str, tuple[str, Any]]:
    """Options of a kind -> the sentence of each and its default (`msgspec.NODEFAULT` where it has none).

    Those that every kind has are left out unless `shared`; one that a kind describes anew is its own.

    Examples
    --------
    >>> from codon12.analyses.kinds import kinds, options_of
    >>> options_of(kinds()["lollipop"])["genes"]
    ('Genes shown, in order; chosen by the analysis when left out.', ())
    """
    hints, common = (get_type_hints(k, include_extras=True) for k in (kind, Analysis))
    out = {}
    for field in msgspec.structs.fields(kind):
        told = _sentence(hints[field.name])
        if shared or field.name not in common or told != _sentence(common[field.name]):
            out[field.name] = (told, field.default)
    return out


def _sentence(hint: Any) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    return next((m.description or "" for m in get_args(hint)[1:] if isinstance(m, msgspec.Meta)), "")


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
