"""Worked answers of the rules, where they lie beside the checkout; every field in full."""

import json

import msgspec
import pytest
from click.testing import CliRunner

from codon12.cli.resistance_pair import pair
from codon12.resistance import compare_samples

pytestmark = pytest.mark.requirement("R-RESI-01")

FULL = ("result", "mechanisms", "possible", "flags", "notes", "not_testable_later")


@pytest.fixture(scope="module")
def cases(shared):
    return json.loads((shared / "rules" / "resistance_cases.json").read_text("utf-8"))["cases"]


def wrong(answer, expected):
    out = {k: (answer[k], expected[k]) for k in FULL if answer[k] != expected[k]}
    for key in ("states", "changes"):
        out |= {f"{key} {n}": (answer[key].get(n), v) for n, v in expected[key].items() if answer[key].get(n) != v}
    return out


def test_every_case_through_the_public_function(cases):
    found = {}
    for case in cases:
        answer = msgspec.to_builtins(compare_samples(case["before"], case["after"], drug=case["drug"]))
        found[case["id"]] = wrong(answer, case["expect"])
    assert len(cases) >= 20
    assert {k: w for k, w in found.items() if w} == {}


def test_cases_through_the_command(cases, tmp_path):
    for case in cases[::4]:
        files = []
        for time in ("before", "after"):
            file = tmp_path / f"{case['id']}-{time}.json"
            file.write_text(json.dumps(case[time]))
            files.append(str(file))
        run = CliRunner().invoke(pair, [*files, "--drug", case["drug"], "--json"], standalone_mode=False)
        assert run.exception is None
        assert wrong(json.loads(run.stdout), case["expect"]) == {}
