"""Every kind of analysis says all of itself, and a kind that another package brings is treated like ours."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

import codon12
from codon12.analyses import Analysis, default_plan, kinds, plan_of_analyses
from codon12.analyses.kinds import options_of, sentence_of
from codon12.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(codon12.__file__).parent
KINDS = kinds()


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_speaks_for_itself_and_for_every_option(name):
    kind = KINDS[name]
    assert sentence_of(kind).endswith(".")
    silent = [o for o, said in options_of(kind, shared=True).items() if not said.sentence.endswith(".")]
    assert not silent, f"no sentence for {silent}"
    assert kind.numbers is not Analysis.numbers
    assert kind.place < Analysis.place, "a place of its own in docs and methods"


def test_every_kind_has_a_file_of_its_own():
    files = [k.__module__ for k in KINDS.values()]
    assert len(set(files)) == len(files)
    assert [f.rpartition(".")[2] for f in files] == [n.replace("-", "_") for n in KINDS]
    sections = {f.split(".")[2] for f in files}
    assert sections <= {"patients", "response", "resistance", "survival", "safety", "biomarkers"}


def test_nobody_asks_for_the_kind_of_an_analysis_but_its_own_file():
    asked = {
        p.relative_to(SOURCE).as_posix(): kind
        for room in ("analyses", "cli", "derive", "evidence", "figures", "report", "tables")
        for p in (SOURCE / room).rglob("*.py")
        for kind in re.findall(r'\b(?:analysis|a)\.kind (?:==|!=|in|not in) "?([\w-]*)', p.read_text())
    }
    own = {KINDS[k].__module__.removeprefix("codon12.").replace(".", "/") + ".py" for k in asked.values() if k in KINDS}
    assert set(asked) <= own


def test_the_default_plan_is_in_order_and_without_doubles():
    plan = default_plan()
    assert len({a.name for a in plan}) == len(plan)
    places = [p for k in KINDS.values() for p in k.default_plan()]
    assert len(set(places)) == len(places)
    assert plan_of_analyses({}) == plan


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": {"kind": "lollipop", "permutations": 5}}, r"\[analyses.x\].*permutations.*of kind lollipop: .*genes"),
        ({"x": {"kind": "lolipop"}}, r"no kind of analysis 'lolipop'. Did you mean lollipop.*Known kinds: .*cox"),
        ({"oss": {"landmarks": [6]}}, r"\[analyses.oss\].*did you mean \[analyses.os\]"),
        ({"x": {"kind": "cox", "title": "T"}}, r"\[analyses.x\].*section"),
        ({"os": {"conf_level": 1.5}}, r"\[analyses.os\].*conf_level"),
    ],
)
def test_a_wrong_plan_is_refused_with_what_would_be_right(changes, words):
    with pytest.raises(ConfigError, match=words):
        plan_of_analyses(changes)


def test_another_kind_under_a_name_of_the_plan_keeps_its_title():
    (found,) = [a for a in plan_of_analyses({"os": {"kind": "follow-up", "endpoint": "OS"}}) if a.name == "os"]
    assert (found.kind, found.title, found.section) == ("follow-up", "Overall survival", "survival")


def test_the_documentation_of_the_kinds_is_current():
    spec = importlib.util.spec_from_file_location("kinds", ROOT / "docs" / "kinds.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == module.page(), (
        "run: python docs/kinds.py"
    )


# A kind that another package brings

GUIDE = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
CODE, PACKAGE, PLAN = (re.search(rf"```{lang}\n(.*?)```", text, re.DOTALL)[1] for lang, text in (
    ("python", GUIDE), ("toml", GUIDE), ("toml", GUIDE.partition("codon12.toml`:")[2]),
))  # fmt: skip


@pytest.fixture
def installed(tmp_path):
    """The package of the guide, on a path of its own; gives a call of codon12 that sees it."""

    def build(code: str = CODE, points: str = PACKAGE):
        place = tmp_path / "site"
        info = place / "dose_lanes-1.0.dist-info"
        info.mkdir(parents=True)
        (place / "dose_lanes.py").write_text(code, encoding="utf-8")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: dose-lanes\nVersion: 1.0\n")
        entry = points.partition("]\n")[2].replace('"', "")
        (info / "entry_points.txt").write_text(f"[codon12.analyses]\n{entry}")

        def call(*arguments):
            command = [sys.executable, "-m", "codon12", *map(str, arguments)]
            paths = f"{place}:{SOURCE.parent}"
            return subprocess.run(
                command, capture_output=True, text=True, check=False, env={"PYTHONPATH": paths, "PATH": "/usr/bin:/bin"}
            )

        return call

    return build


def with_plan(tmp_path, text):
    """Write the configuration of the example with an analysis more, and without those of the default plan."""
    path = tmp_path / "codon12.toml"
    text = (ROOT / "examples/codebreak100/codon12.toml").read_text(encoding="utf-8") + text
    others = (a.name for a in default_plan() if f"[analyses.{a.name}]" not in text)
    path.write_text(text + "".join(f"\n[analyses.{n}]\ndrop = true\n" for n in others), encoding="utf-8")
    return path


def test_the_guide_is_forty_lines():
    assert len([line for line in CODE.splitlines() if line.strip()]) <= 41


@pytest.mark.slow
def test_the_analysis_of_the_guide_is_reported_like_ours(installed, tmp_path):
    codon12 = installed()
    config = with_plan(tmp_path, PLAN)
    out = tmp_path / "out"
    done = codon12("report", ROOT / "examples/codebreak100", "--config", config, "--out", out, "--formats", "csv,svg")
    assert done.returncode == 0, done.stderr
    table = (out / "tables" / "doses.csv").read_text(encoding="utf-8")
    assert "Dose reduced" in table
    assert "Dose interrupted" in table
    assert (out / "figures" / "doses.svg").read_text().startswith("<svg")
    page = (out / "report.html").read_text(encoding="utf-8")
    for text in ("One lane a patient.", "A dose counts as changed where a record of exposure"):
        assert text in page
    traced = codon12("trace", ROOT / "examples/codebreak100", "doses.reduced.all", "--config", config)
    assert traced.returncode == 0, traced.stderr


def test_help_and_messages_know_it(installed, tmp_path):
    codon12 = installed()
    assert "dose-lanes" in codon12("report", "--help").stdout
    told = codon12("report", "--kinds").stdout
    assert "dose-lanes: One lane a patient, as long as the treatment, coloured by what became of the dose." in told
    assert "changes: REDUCED, INCREASED, INTERRUPTED." in told
    config = with_plan(tmp_path, PLAN.replace("changes =", "change ="))
    done = codon12(
        "report", ROOT / "examples/codebreak100", "--config", config, "--out", tmp_path / "out", "--no-figures"
    )
    assert done.returncode == 2
    assert re.search(r"\[analyses.doses\].*`change`.*kind dose-lanes: .*changes", done.stderr)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise RuntimeError('half installed')", "package dose-lanes: the kind .* cannot be loaded: half installed"),
        ("class DoseLanes: ...", "dose_lanes:DoseLanes is no kind of analysis"),
        (CODE.replace('tag="dose-lanes"', 'tag="cox"'), "there is a kind of analysis 'cox' already"),
    ],
)
def test_a_package_that_brings_a_broken_kind_is_named(installed, code, words):
    done = installed(code)("report", "--kinds")
    assert done.returncode == 2
    assert re.search(words, done.stderr)
    assert "Traceback" not in done.stderr
