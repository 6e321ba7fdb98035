"""What every rule of `check` compares, where it comes from, and where it ends: `rules.toml` beside this file."""

from __future__ import annotations

import tomllib
from importlib import resources

import msgspec

from codon12.errors import UsageError

__all__ = ["RULES", "Rule", "explain"]


class Rule(msgspec.Struct, frozen=True):
    """A rule: its name in findings and relations, what is compared, its source, and its limits."""

    name: str
    rule: str
    source: str
    limits: str


_TEXT = (resources.files("codon12.check.showing") / "rules.toml").read_text(encoding="utf-8")
RULES = tuple(Rule(name, **said) for name, said in tomllib.loads(_TEXT).items())


def explain(name: str) -> str:
    """The rule of a kind of finding, its source and its limits, as lines.

    Raises
    ------
    UsageError
        There is no such rule; the message lists them.

    Examples
    --------
    >>> print(explain("P"))
    P
      compares  A P value lies between 0 and 1, and is never zero.
      source    Definition.
      limits    Zeros of one table are told once, at the first.
    """
    found = next((r for r in RULES if r.name.lower() == name.lower()), None)
    if found is None:
        raise UsageError(f"--explain: no rule {name!r}; there are: {', '.join(sorted(r.name for r in RULES))}")
    return f"{found.name}\n  compares  {found.rule}\n  source    {found.source}\n  limits    {found.limits}"
