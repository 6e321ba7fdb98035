"""The house keeps its own rules: documented verbs and options, light start, public names that exist."""

import importlib
import importlib.util
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import codon12
from codon12.cli import VERBS, _root
from codon12.evidence import NUMBERS, NumberBook

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("polars", "numpy", "scipy", "jinja2", "vl_convert", "pyreadstat", "pandas", "rich", "xlsxwriter")


def commands(group=_root, path=("codon12",)):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def options():
    for path, command in commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                yield " ".join(path), parameter


def test_every_verb_is_in_the_readme_with_an_example():
    readme = (ROOT / "README.md").read_text()
    missing = [verb for verb in VERBS if not re.search(rf"codon12 {verb}\b", readme)]
    assert not missing, f"README.md has no example of: {missing}"


def test_every_verb_has_help_with_an_example():
    missing = [
        " ".join(path)
        for path, c in commands()
        if not isinstance(c, click.Group) and "codon12 " not in f"{c.help} {c.epilog}"
    ]
    assert not missing, f"no example in the help text of: {missing}"


def test_every_option_has_a_help_text():
    missing = [(verb, o.opts[0]) for verb, o in options() if not o.help]
    assert not missing


def test_the_reference_is_up_to_date():
    spec = importlib.util.spec_from_file_location("verbs", ROOT / "docs" / "verbs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "verbs.md").read_text() == module.page(), "run: python docs/verbs.py"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_starts_without_heavy_imports(arguments):
    code = (
        "import sys; from codon12.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.strip().endswith("[]")


def test_public_names_exist():
    for name in codon12.__all__:
        assert getattr(codon12, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        _ = codon12.nope


def test_every_module_imports_and_exports_what_it_says():
    for info in pkgutil.walk_packages(codon12.__path__, "codon12."):
        module = importlib.import_module(info.name)
        for name in getattr(module, "__all__", ()):
            assert hasattr(module, name), f"{info.name} exports {name} but has it not"


def test_nothing_at_run_time_may_reach_the_network():
    banned = re.compile(
        r"^\s*(?:import|from)\s+(?:requests|httpx|urllib\.request|socket|http\.client|aiohttp)\b", re.MULTILINE
    )
    found = [p for p in (ROOT / "src").rglob("*.py") if banned.search(p.read_text())]
    assert not [p for p in found if "serve" not in p.parts]


def test_every_column_of_the_evidence_is_told_in_the_house():
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8").partition("## Evidence")[2]
    told = {name for row in re.findall(r"^\| ([\w, ]+) \|", page, re.MULTILINE) for name in row.split(", ")}
    untold = set(NUMBERS) - told - {"lower_status", "upper_status"}  # told with status
    assert not untold


def test_a_number_without_words_is_refused():
    with pytest.raises(TypeError, match="label"):
        NumberBook().add("x", "x", statistic="n", kind="count", frame="adsl", where="TRUE", n=1, N=2)
