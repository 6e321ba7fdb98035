"""The room keeps its shape: modules import downwards only, and its examples run."""

import ast
import graphlib
from pathlib import Path

import codon12.survival as room

ROOT = Path(room.__file__).parent
NAME = "codon12.survival"


def modules() -> dict[str, Path]:
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join((NAME, *(p for p in parts if p != "__init__")))] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """Modules of the room that a file imports, wherever it does: at its top, for types alone, or inside a function."""
    named = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            named |= {str(node.module), *(f"{node.module}.{a.name}" for a in node.names)}
        elif isinstance(node, ast.Import):
            named |= {a.name for a in node.names}
    return named & known.keys()


def graph(depth: int | None = None) -> dict[str, set[str]]:
    """Who imports whom, between modules, or between folders of the room where `depth` is 1."""
    known = modules()
    out: dict[str, set[str]] = {}
    for name, path in known.items():
        if name == NAME:
            continue  # the door names everything, and nothing inside goes through it
        below = imports(path, known)
        assert NAME not in below, f"{name} imports the room's own door"

        def cut(module: str) -> str:
            return module if depth is None else module.removeprefix(f"{NAME}.").split(".")[0]

        out.setdefault(cut(name), set()).update({cut(b) for b in below} - {cut(name)})
    return out


def test_no_circle_of_modules():
    found = graph()
    assert len(found) > 70
    assert sum(map(len, found.values())) > 150
    graphlib.TopologicalSorter(found).prepare()  # raises CycleError with the circle


def test_no_circle_of_folders():
    found = graph(depth=1)
    assert found["results"] == set()
    assert found["subjects"] <= {"results"}
    graphlib.TopologicalSorter(found).prepare()


def test_every_file_stands_in_a_folder():
    assert [p.name for p in ROOT.glob("*.py")] == ["__init__.py"]
    folders = [d for d in ROOT.iterdir() if d.is_dir() and d.name != "__pycache__"]
    assert all((d / "__init__.py").is_file() for d in folders)
    assert len(folders) == 11
