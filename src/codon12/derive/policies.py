"""Policies from ``codon12.toml``: a preset to start from, then single fields."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from codon12.errors import ConfigError
from codon12.policy import Policy

__all__ = ["policy_from"]

P = TypeVar("P", bound=Policy)


def policy_from(kind: type[P], values: dict[str, Any], *, section: str, presets: tuple[str, ...] = ()) -> P:
    """Build a policy from a section of the configuration; ``preset`` names the values to start from.

    Raises
    ------
    ConfigError
        Unknown preset or key, or a value of the wrong type; the message names section and key.
    """
    fields = dict(values)
    name = fields.pop("preset", None)
    if name is None:
        base = kind()
    elif name in presets:
        base = getattr(kind, name)()
    else:
        known = ", ".join(presets) or "none"
        raise ConfigError(f"codon12.toml, [{section}]: no preset {name!r}; known presets: {known}.")
    return kind.of({**msgspec.to_builtins(base), **fields}, where=f"codon12.toml, [{section}]")
