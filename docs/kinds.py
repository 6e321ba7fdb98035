"""Write the kinds of analysis into docs/configuration.md: ``python docs/kinds.py``; a test says when it must be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from codon12.analyses import Analysis, default_plan, kinds
from codon12.analyses.kinds import Option, options_of, sentence_of

PAGE = Path(__file__).with_name("configuration.md")
BEGIN, END = "<!-- kinds: written by docs/kinds.py -->", "<!-- end of kinds -->"


def page() -> str:
    """The page with its kinds as the objects have them."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n{section()}{END}{rest.partition(END)[2]}"


def section() -> str:
    """Every kind with its sentence, and every option with its own."""
    lines = ["", "| kind | what it gives |", "|---|---|"]
    lines += [f"| [{name}](#{name}) | {sentence_of(kind)} |" for name, kind in kinds().items()]
    lines += ["", "Every kind has these keys, and those listed under its name; any other is an error.", ""]
    lines += [line(option, said) for option, said in options_of(Analysis, shared=True).items() if option != "name"]
    for name, kind in kinds().items():
        lines += ["", f"### {name}", "", sentence_of(kind)]
        own = options_of(kind)
        lines += ["", *(line(option, said) for option, said in own.items())] if own else []
        placed = [f"`{a.name}`" for a in default_plan() if type(a) is kind]
        lines += ["", f"In every plan: {', '.join(placed)}."] if placed else []
    return "\n".join([*lines, "", ""])


def line(name: str, option: Option) -> str:
    """One option with its sentence, the values it may have, and its default."""
    needed = option.default is msgspec.NODEFAULT
    silent = needed or option.default in ("", (), {})
    choices = f" One of {', '.join(option.choices)}." if option.choices else ""
    last = " Needed." if needed else "" if silent else f" Default: `{shown(option.default)}`."
    return f"- `{name}`: {option.sentence}{choices}{last}"


def shown(value: Any) -> str:
    """A default as ``codon12.toml`` has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(shown(v) for v in value)}]"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
