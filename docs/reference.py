"""Write docs/reference.md from the public names of the rooms: ``python docs/reference.py``; a test says when."""

from __future__ import annotations

import ast
import importlib
import inspect
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import codon12

PAGE = Path(__file__).with_name("reference.md")
ROOMS = sorted(p.parent.name for p in Path(codon12.__file__).parent.glob("*/__init__.py") if p.parent.name != "cli")
HEAD = """# Public names

Written by `docs/reference.py`: what each room offers to a user, by `from codon12.ROOM import NAME`. These names are
kept (the changelog says when one changes); whatever else a module holds is private to its room and may change any day.
"""


def page() -> str:
    """Every public name of every room with its sentence."""
    parts = [HEAD]
    for room in ROOMS:
        names = public(room)
        if names:
            module = importlib.import_module(f"codon12.{room}")
            parts.append(f"\n## codon12.{room}\n\n{first_sentence(module)}\n\n| name | what it is |\n|---|---|\n")
            parts += [f"| `{name}` | {sentence(name, value)} |\n" for name, value in names.items()]
    return "".join(parts)


def public(room: str) -> dict[str, Any]:
    """Public names of a room and what they are."""
    module = importlib.import_module(f"codon12.{room}")
    return {name: getattr(module, name) for name in sorted(getattr(module, "__all__", ()), key=str.lower)}


def sentence(name: str, value: Any) -> str:
    """First sentence of what a function or class says, or of the text below a value."""
    if inspect.isclass(value) or inspect.isroutine(value):
        return first_sentence(value)
    return values().get(name, "")


@cache
def values() -> dict[str, str]:
    """Name of every value at the top of a module -> the text below it."""
    found = {}
    for path in Path(codon12.__file__).parent.rglob("*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for node, below in pairwise(body):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                text = inspect.cleandoc(str(below.value.value)).partition("\n\n")[0]
                found |= {t.id: " ".join(text.split()) for t in targets if isinstance(t, ast.Name)}
    return found


def first_sentence(value: Any) -> str:
    """First paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
