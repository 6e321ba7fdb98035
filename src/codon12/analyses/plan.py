"""The plan of analyses: each a named value of its kind, that ``codon12.toml`` may change, add or drop."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import msgspec

from codon12.analyses.kind import Analysis
from codon12.analyses.kinds import kind_named, kinds
from codon12.errors import ConfigError
from codon12.records.config.endpoints import Endpoint, endpoints_of

__all__ = ["default_plan", "plan_of_analyses"]

_PLACES = {"response": 80, "survival": 110}
"""Where the times to event of a section stand in the plan."""


def default_plan(endpoints: Mapping[str, Endpoint] | None = None) -> tuple[Analysis, ...]:
    """Analyses that every study has where its records allow, in order: what the kinds say of themselves.

    `endpoints` are those of the study that are not among the known ones, or described anew.
    """
    placed = [(place, 0, a) for kind in kinds().values() for place, a in kind.default_plan().items()]
    for at, (code, endpoint) in enumerate(endpoints_of(endpoints or {}).items()):
        place = _PLACES[endpoint.section]
        placed += [(place, at, a) for kind in kinds().values() for a in kind.for_endpoint(code, endpoint)]
    return tuple(a for _, _, a in sorted(placed, key=lambda p: p[:2]))


def plan_of_analyses(
    changes: dict[str, dict[str, Any]], endpoints: Mapping[str, Endpoint] | None = None
) -> tuple[Analysis, ...]:
    """Default plan with the changes of ``[analyses.NAME]`` in ``codon12.toml``.

    A name that the default plan has changes that analysis; a new name adds one and needs `kind`, `title` and
    `section`; ``drop = true`` leaves one out.

    Raises
    ------
    ConfigError
        An unknown kind (the message names the nearest), a key that the kind has not (the message lists those it has),
        or a new analysis that lacks what it needs.

    Examples
    --------
    >>> [a.name for a in plan_of_analyses({"flow": {"drop": True}})][:2]
    ['baseline', 'disposition']
    """
    plan = {a.name: a for a in default_plan(endpoints)}
    for name, fields in changes.items():
        plan[name] = _changed(plan.get(name), name, fields, list(plan))
    return tuple(a for a in plan.values() if not a.drop)


def _changed(base: Analysis | None, name: str, fields: dict[str, Any], names: list[str]) -> Analysis:
    where = f"codon12.toml, [analyses.{name}]"
    values = {k: v for k, v in fields.items() if k != "kind"} | {"name": name}
    if "kind" in fields:
        kind = kind_named(str(fields["kind"]), where=where)
    elif base is not None:
        kind = type(base)
    else:
        near = difflib.get_close_matches(name, names, n=1)
        hint = f" (did you mean [analyses.{near[0]}]?)" if near else ""
        raise ConfigError(f"{where}: the plan has no such analysis{hint}; a new one needs kind, title and section.")
    if base is not None:
        kept = msgspec.structs.asdict(base)
        if kind is not type(base):  # another kind under an old name: its place on the page alone stays
            kept = {k: kept[k] for k in ("title", "section")}
        values = kept | values
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as err:
        keys = ", ".join(f for f in kind.__struct_fields__ if f != "name")
        raise ConfigError(f"{where}: {err}. Known keys of kind {kind.__struct_config__.tag}: {keys}.") from None
