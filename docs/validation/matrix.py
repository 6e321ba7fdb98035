"""Write docs/validation/matrix.md from requirements and the markers of the tests: ``python docs/validation/matrix.py``.

With ``--results FILE`` (JUnit XML, as ``pytest --junitxml FILE`` writes it) the last result of each test module stands
beside it; the page in the repository has none.
"""

from __future__ import annotations

import argparse
import ast
import tomllib
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

HOME = Path(__file__).parent
TESTS = HOME.parents[1] / "tests"
PAGE = HOME / "matrix.md"
HEAD = """# Requirements and their tests

Written by `docs/validation/matrix.py` from `requirements.toml` and the markers of the tests. A requirement without a
test, or a test of a requirement that is not here, fails the build.
"""


def requirements() -> dict[str, tuple[str, str, str]]:
    """Id -> chapter, risk, sentence."""
    chapters = tomllib.loads((HOME / "requirements.toml").read_text(encoding="utf-8"))
    return {i: (chapter, *said) for chapter, own in chapters.items() for i, said in own.items()}


def named(node: ast.AST) -> list[str]:
    """Ids that markers in an expression name."""
    return [
        str(argument.value)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "requirement"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]


def tests() -> dict[str, dict[str, int]]:
    """Requirement -> test module -> number of its test functions that bear the marker."""
    out: dict[str, dict[str, int]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = [
            i
            for node in tree.body
            if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "pytestmark" for t in node.targets)
            for i in named(node.value)
        ]
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
                continue
            own = [i for decorator in node.decorator_list for i in named(decorator)]
            for i in dict.fromkeys([*whole, *own]):
                module = out.setdefault(i, {})
                name = path.relative_to(TESTS.parent).as_posix()
                module[name] = module.get(name, 0) + 1
    return out


def results(path: Path) -> dict[str, str]:
    """Test module -> counts of what its tests gave, from a JUnit file of one's own pytest."""
    seen: dict[str, Counter[str]] = {}
    for case in ET.parse(path).getroot().iter("testcase"):  # noqa: S314 - written by pytest on this machine
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        module = case.get("classname", "").replace(".", "/") + ".py"
        seen.setdefault(module, Counter())[min(kinds, default="passed")] += 1
    return {m: ", ".join(f"{n} {k}" for k, n in sorted(c.items())) for m, c in seen.items()}


def page(held: dict[str, str] | None = None) -> str:
    """The matrix as Markdown."""
    found, parts, chapter = tests(), [HEAD], ""
    for i, (section, risk, sentence) in requirements().items():
        if section != chapter:
            chapter = section
            last = " Last result |" if held is not None else ""
            rule = " --- |" if held is not None else ""
            columns = f"| Id | Risk | Requirement | Tests |{last}\n| --- | --- | --- | --- |{rule}\n"
            parts.append(f"\n## {chapter.capitalize()}\n\n{columns}")
        modules = found.get(i, {})
        listed = "<br>".join(f"`{m.removeprefix('tests/')}` ({n})" for m, n in modules.items())
        told = "" if held is None else " " + "<br>".join(held.get(m, "not run") for m in modules) + " |"
        parts.append(f"| {i} | {risk} | {sentence} | {listed} |{told}\n")
    return "".join(parts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, help="JUnit XML of a run of the tests")
    parser.add_argument("--out", type=Path, default=PAGE, help="page to write")
    given = parser.parse_args()
    given.out.write_text(page(results(given.results) if given.results else None), encoding="utf-8")
