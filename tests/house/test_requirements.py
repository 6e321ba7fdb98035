"""Every requirement has a test, every marker names a requirement, and the matrix in the docs is current."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("matrix", ROOT / "docs" / "validation" / "matrix.py")
matrix = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(matrix)


def test_every_requirement_has_a_test_and_every_marker_a_requirement():
    required, tested = set(matrix.requirements()), set(matrix.tests())
    assert not required - tested, "requirements without a test"
    assert not tested - required, "tests of requirements that do not exist"


def test_every_requirement_says_its_risk_and_a_sentence():
    for i, (_, risk, sentence) in matrix.requirements().items():
        assert risk in {"high", "medium", "low"}, i
        assert sentence.endswith("."), i


def test_the_page_is_up_to_date():
    assert matrix.PAGE.read_text(encoding="utf-8") == matrix.page(), "run python docs/validation/matrix.py"


def test_results_of_a_run_stand_beside(tmp_path):
    path = tmp_path / "results.xml"
    path.write_text(
        '<testsuites><testsuite><testcase classname="tests.safety.test_grades" name="a"/>'
        '<testcase classname="tests.safety.test_grades" name="b"><failure/></testcase></testsuite></testsuites>'
    )
    line = next(x for x in matrix.page(matrix.results(path)).splitlines() if x.startswith("| R-SAFE-01"))
    assert line.endswith("| 1 failure, 1 passed |")
