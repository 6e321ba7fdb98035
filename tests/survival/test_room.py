"""The room keeps its shape: modules import downwards only, and its examples run."""

import ast
import doctest
import graphlib
import importlib
import inspect
import re
from pathlib import Path

import pytest

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
    assert found["subjects"] == set()
    assert found["results"] == {"subjects"}
    graphlib.TopologicalSorter(found).prepare()


def test_every_file_stands_in_a_folder():
    assert [p.name for p in ROOT.glob("*.py")] == ["__init__.py"]
    folders = [d for d in ROOT.iterdir() if d.is_dir() and d.name != "__pycache__"]
    assert all((d / "__init__.py").is_file() for d in folders)
    assert len(folders) == 11


@pytest.mark.parametrize("name", sorted(modules()))
def test_the_examples_run(name):
    module = importlib.import_module(name)
    found = doctest.testmod(module, optionflags=0)
    assert not found.failed


def test_there_are_examples():
    examples = sum(len(t.examples) for n in modules() for t in doctest.DocTestFinder().find(importlib.import_module(n)))
    assert examples > 100


def test_public_functions_have_an_example():
    functions = [getattr(room, n) for n in room.__all__ if inspect.isfunction(getattr(room, n))]
    silent = [f.__name__ for f in functions if ">>>" not in (f.__doc__ or "")]
    assert silent == []


@pytest.mark.parametrize(
    ("part", "rooms", "fewest"),
    [("Survival", ("survival",), 25), ("Treatments compared", ("survival", "numbers", "report"), 5)],
)
def test_every_line_of_the_choices_has_its_test(part, rooms, fewest):
    page = (Path(__file__).resolve().parents[2] / "docs" / "choices.md").read_text()
    section = page.split(f"## {part}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    tests = [p.read_text() for room in rooms for p in (Path(__file__).parents[1] / room).glob("*.py")]
    known = set(re.findall(r"^def (test_\w+)", "".join(tests), re.MULTILINE))
    assert len(lines) > fewest
    for line in lines:
        named = re.findall(r"`(test_\w+)`", line)
        assert named, line
        assert set(named) <= known, line
