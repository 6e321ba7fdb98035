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
    >>> print(Gap(days=14))
    Gap, 1 of 1 changed
    * days  14  (28 by default)
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

    def __str__(self) -> str:
        """One field a line, what differs from the default marked, with the default beside it."""
        default, changed = _default(type(self)), self._differing()
        width = max(map(len, self.__struct_fields__), default=0)
        lines = [
            type(self).__name__ + (f", {len(changed)} of {len(self.__struct_fields__)} changed" if changed else "")
        ]
        for field in self.__struct_fields__:
            mark = "*" if field in changed else " "
            told = f"  ({_words(getattr(default, field))} by default)" if field in changed else ""
            lines.append(f"{mark} {field:<{width}}  {_words(getattr(self, field))}{told}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Field, value and sentence of each, for a notebook; what differs from the default is bold."""
        import html

        changed, said = self._differing(), self.sentences()
        rows = []
        for field in self.__struct_fields__:
            value = html.escape(_words(getattr(self, field)))
            value = f"<b>{value}</b>" if field in changed else value
            rows.append(
                f"<tr><td><code>{field}</code></td><td>{value}</td><td>{html.escape(said.get(field, ''))}</td></tr>"
            )
        head = "<tr><th>Choice</th><th>Value</th><th>What it says</th></tr>"
        return f"<table><caption>{html.escape(type(self).__name__)}</caption>{head}{''.join(rows)}</table>"

    def _differing(self) -> dict[str, Any]:
        """What differs from the default; nothing where a field has none."""
        return {} if _default(type(self)) is None else self.changed_from_default()


def _default(policy: type[Policy]) -> Policy | None:
    try:
        return policy()
    except TypeError:  # a field must be given
        return None


def _words(value: object) -> str:
    """A value as a line of text has it."""
    if isinstance(value, Policy):
        changed = ", ".join(f"{k}={_words(v)}" for k, v in value._differing().items())  # noqa: SLF001 - its own class
        return f"{type(value).__name__}({changed})"
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value)) or "none"
    if value is None or value is True or value is False:
        return {None: "none", True: "yes", False: "no"}[value]
    return str(value)
