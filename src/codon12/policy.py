"""Choices on which trials differ, as frozen values that describe themselves."""

from __future__ import annotations

from typing import Annotated, Any, Self, get_args, get_origin, get_type_hints

import msgspec

from codon12.errors import ConfigError

__all__ = ["Policy"]


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen set of named choices, each with a sentence for the methods text.

    A subclass annotates every field as ``Annotated[type, msgspec.Meta(description=...)]``. The description is
    one sentence; ``{value}`` in it stands for the field's value. A field whose sentence depends on the value
    gives ``extra={"true": ..., "false": ...}`` (or one sentence per literal value, keyed by ``str(value)``).

    Examples
    --------
    >>> class Gap(Policy, frozen=True):
    ...     days: Annotated[int, msgspec.Meta(description="The gap is {value} days.")] = 28
    >>> Gap().sentences()
    {'days': 'The gap is 28 days.'}
    """

    @classmethod
    def of(cls, values: dict[str, Any], *, where: str = "") -> Self:
        """Build from plain values, as read from ``codon12.toml``.

        Raises
        ------
        ConfigError
            On an unknown key or a value of the wrong type; the message names the key and those that exist.
        """
        try:
            return msgspec.convert(values, cls)
        except msgspec.ValidationError as err:
            known = ", ".join(cls.__struct_fields__)
            raise ConfigError(f"{where or cls.__name__}: {err}. Known keys: {known}.") from None

    def sentences(self) -> dict[str, str]:
        """One sentence per field, with the value in force filled in."""
        out = {}
        for name, hint in get_type_hints(type(self), include_extras=True).items():
            if get_origin(hint) is not Annotated:
                continue
            meta = next((m for m in get_args(hint)[1:] if isinstance(m, msgspec.Meta)), None)
            if meta is None:
                continue
            value = getattr(self, name)
            template = (meta.extra or {}).get(str(value).lower(), meta.description)
            if not template:
                continue
            shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            out[name] = template.replace("{value}", str(shown))
        return out

    def changed_from_default(self) -> dict[str, Any]:
        """Fields whose value differs from the class default, with their values."""
        default = type(self)()
        return {f: getattr(self, f) for f in self.__struct_fields__ if getattr(self, f) != getattr(default, f)}
