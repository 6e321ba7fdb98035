"""No module imports in a circle, inside a room or across rooms; imports for type checkers count too."""

import ast
from pathlib import Path

import codon12

SOURCE = Path(codon12.__file__).parent


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(p): p for p in SOURCE.rglob("*.py")}


def imported(name: str) -> set[str]:
    """Modules of codon12 that a module imports anywhere in its text; a package stands for its ``__init__``."""
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {
                f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in FILES else node.module for a in node.names
            }
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return (found & set(FILES)) - {name}


def circles() -> list[list[str]]:
    """Groups of modules each of which imports every other, directly or by way of others (Tarjan)."""
    edges = {name: sorted(imported(name)) for name in FILES}
    index, low, stack, out = {}, {}, [], []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in edges[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            at = stack.index(name)
            group = sorted(stack[at:])
            del stack[at:]
            if len(group) > 1:
                out.append(group)

    for name in sorted(FILES):
        if name not in index:
            visit(name)
    return out


def test_no_module_imports_in_a_circle():
    assert not circles()
