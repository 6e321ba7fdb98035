"""The commands of the switch, its figures, and a design judged on a population."""

from __future__ import annotations

import json
import re

import polars as pl
import pytest

from codon12.cli import main
from codon12.design.single_arm.boundaries import Boundaries
from codon12.drawing import draw
from codon12.figures import (
    clone_burden,
    dose_response,
    ensemble_ranges,
    occupancy_course,
    switch_cycle,
    switch_states,
    tornado,
)
from codon12.simulate.switch.ensemble import shipped_ensemble
from codon12.simulate.switch.figure_frames import (
    clone_frames,
    cycle_frames,
    dose_frame,
    ensemble_frame,
    occupancy_frame,
    tornado_frame,
)
from codon12.simulate.switch.operating import design_on_population
from codon12.simulate.switch.parameters import shipped_set

SET = shipped_set()


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["simulate", *map(str, arguments)])
    seen = capsys.readouterr()
    return stop.value.code, seen.out, seen.err


def test_switch_writes_a_study_and_says_that_it_is_simulated(capsys, tmp_path):
    code, out, _ = run(capsys, "switch", "--out", tmp_path / "s", "--patients", 20, "--set", "kdeg=0.0576", "--json")
    body = json.loads(out)
    assert code == 0
    assert body["simulated"] is True
    assert body["changes"] == {"kdeg": 0.0576}
    assert {"dm.csv", "tr.csv", "truth/patients.csv", "samples/mutations.maf"} <= set(body["files"])
    code, out, _ = run(capsys, "switch", "--out", tmp_path / "s", "--patients", 10)
    assert (code, "10 simulated patients" in out) == (0, True)
    assert pl.read_csv(tmp_path / "s" / "dm.csv").height == 10


def test_a_failed_run_leaves_nothing_and_a_folder_of_others_is_not_replaced(capsys, tmp_path):
    code, _, err = run(capsys, "switch", "--out", tmp_path / "s", "--set", "kdge=1")
    assert (code, "nearest: kdeg" in err) == (2, True)
    code, _, err = run(capsys, "switch", "--out", tmp_path / "s", "--patients", 10**9)
    assert (code, "--allow-large" in err, err.count("on one core")) == (2, True, 1)
    assert list(tmp_path.iterdir()) == []
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.docx").write_text("mine")
    code, _, err = run(capsys, "switch", "--out", other, "--patients", 5)
    assert code == 2
    assert [p.name for p in other.iterdir()] == ["thesis.docx"]
    assert [p.name for p in tmp_path.iterdir()] == ["other"]


def test_parts_of_parquet_are_studies_of_their_own(capsys, tmp_path):
    from codon12.records import Study

    code, _, _ = run(capsys, "switch", "--out", tmp_path / "s", "--patients", 10, "--block", 4, "--format", "parquet")
    assert code == 0
    parts = sorted(p for p in (tmp_path / "s").iterdir() if p.name.startswith("part-"))
    assert [Study.open(p).table("DM").height for p in parts] == [4, 4, 2]


def test_arms_from_a_file(capsys, tmp_path):
    arms = tmp_path / "arms.toml"
    arms.write_text('[[arm]]\nname = "Drug"\n[[arm]]\nname = "Comparator"\n[arm.set]\nkill_given = 0.02\n')
    code, out, _ = run(
        capsys, "switch", "--out", tmp_path / "s", "--patients", 12, "--arms", arms, "--readers", 2,
        "--concentrations", "--json",
    )  # fmt: skip
    assert (code, json.loads(out)["arms"]) == (0, ["Drug", "Comparator"])
    assert pl.read_csv(tmp_path / "s" / "dm.csv").group_by("ARM").len()["len"].to_list() == [12, 12]


def test_occupancy_network_and_parameters(capsys, tmp_path):
    code, out, _ = run(capsys, "occupancy", "--dose", 960, "--every", 24, "--json", "--plot", tmp_path / "o.svg")
    body = json.loads(out)
    assert code == 0
    assert body["cmax_mg_L"] == pytest.approx(4.24739, rel=1e-4)
    assert body["inhibition"] == pytest.approx(0.635, abs=1e-3)
    assert (tmp_path / "o.svg").read_text().startswith("<svg")
    code, out, _ = run(capsys, "network", "--drug", "ars-853", "--concentrations", "1e-6", "--json")
    assert json.loads(out)["dose_response"][0]["inhibition_total_ras_gtp"] == pytest.approx(0.656587, rel=1e-3)
    code, out, _ = run(capsys, "network", "--drug", "ars-853", "--concentrations", "1e-5", "--hours", "0,1", "--json")
    assert json.loads(out)["course"][1]["bound"] == pytest.approx(0.463339, rel=1e-3)
    code, out, _ = run(capsys, "parameters", "--parameters", "no-drug")
    assert (code, "# Parameters: no-drug" in out) == (0, True)
    code, _, err = run(capsys, "network", "--concentrations", "1e-6")
    assert (code, "--drug" in err) == (2, True)
    code, _, err = run(capsys, "occupancy", "--dose", "-5")
    assert (code, "outside 0" in err) == (2, True)
    code, _, err = run(capsys, "occupancy", "--set", "kdeg")
    assert (code, "NAME=VALUE" in err) == (2, True)


def test_fit_and_what_if(capsys, tmp_path):
    targets = tmp_path / "t.toml"
    targets.write_text('[[target]]\nendpoint = "ORR"\nvalue = 37.1\nn = 124\n')
    code, out, err = run(
        capsys, "fit", targets, "--out", tmp_path / "e.json", "--draws", 8, "--patients", 200, "--within", 3, "--json"
    )
    body = json.loads(out)
    assert (code, err) == (0, "codon12: at most 8 draws of 200 patients: about 1 s on one core\n")
    assert "ran out" not in " ".join(body["sentences"])
    assert body["accepted"] >= 1
    code, out, _ = run(capsys, "what-if", "kdeg*4", "--ensemble", tmp_path / "e.json", "--patients", 200, "--json")
    body = json.loads(out)
    assert (code, body["endpoints"][0]["endpoint"]) == (0, "ORR")
    assert body["endpoints"][0]["difference_median"] < 0
    assert body["lessons"][-1].startswith("Nothing here compares drugs")
    code, out, _ = run(capsys, "what-if", "visits=84", "--ensemble", tmp_path / "e.json", "--patients", 100)
    assert (code, "5 to 95 %" in out) == (0, True)
    targets.write_text('[[target]]\nendpoint = "ORR"\nvalue = 99\nn = 124\n')
    code, _, err = run(capsys, "fit", targets, "--out", tmp_path / "none.json", "--draws", 2, "--patients", 100)
    assert (code, "none of 2 draws" in err, (tmp_path / "none.json").exists()) == (2, True, False)


def test_a_sequential_search_says_that_its_draws_ran_out(capsys, tmp_path):
    targets = tmp_path / "t.toml"
    targets.write_text('[[target]]\nendpoint = "ORR"\nvalue = 37.1\nn = 124\n')
    code, out, _ = run(
        capsys, "fit", targets, "--out", tmp_path / "e.json", "--method", "sequential", "--keep", 10, "--draws", 45,
        "--patients", 80, "--within", 4, "--json",
    )  # fmt: skip
    body = json.loads(out)
    left = body["ensemble"]["moves_left"]
    assert (code, body["ensemble"]["draws"]) == (0, 45)
    first = 45 + left - 2 * 4 * 10
    assert first >= 10  # draws of the first round, before its ten places were full
    assert f"ran out with {left} moves left" in " ".join(body["sentences"])


def test_a_duration_without_responses_is_none_and_not_unreached(capsys):
    code, out, _ = run(capsys, "what-if", "dose=0", "--patients", 60)
    duration = next(line for line in out.splitlines() if "Duration of response" in line)
    assert (code, duration.split()[-2:], "not reached" in duration) == (0, ["none", "none"], False)


def test_a_saved_design_is_judged_on_a_population(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["design", "simon", "0.23", "0.38", "--kind", "optimal", "--save", str(tmp_path / "d.json")])
    capsys.readouterr()
    code, out, _ = run(capsys, "operating", "--design", tmp_path / "d.json", "--trials", 40, "--json")
    body = json.loads(out)
    assert (code, body["design"]["n"], body["design"]["success_at_least"]) == (0, 66, 21)
    assert abs(body["exact_success"] - body["simulated_success"]) < 4 * body["standard_error"]
    same = run(capsys, "operating", "-n", 66, "--responses", 21, "--looks", 27, "--stop", 7, "--trials", 40, "--json")
    assert json.loads(same[1]) == body
    code, out, _ = run(capsys, "operating", "-n", 20, "--responses", 5, "--trials", 20)
    assert (code, "Median progression-free survival under the schedule of visits" in out) == (0, True)
    for wrong, says in (
        (["-n", 20], "say which design"),
        (["--design", tmp_path / "d.json", "-n", 20], "say which design|leave out"),
        (["--design", tmp_path / "d.json", "--looks", 10], "leave out"),
        (["-n", 20, "--responses", 30], "cannot be judged"),
        (["-n", 2000, "--responses", 30, "--trials", 10000], "give fewer trials"),
        (["-n", 20, "--responses", 3, "--trials", 2], "give 10 or more"),
    ):
        code, _, err = run(capsys, "operating", *wrong)
        assert code == 2
        assert re.search(says, err), (wrong, err)
    with pytest.raises(SystemExit):
        main(
            ["design", "toxicity", "-n", "30", "--looks", "10,20", "--limit", "0.3", "--save", str(tmp_path / "t.json")]
        )
    capsys.readouterr()
    code, _, err = run(capsys, "operating", "--design", tmp_path / "t.json")
    assert (code, "no single-arm design with boundaries by number of responses" in err) == (2, True)


def test_figures_are_called_alone(capsys, tmp_path):
    for name in ("cycle", "cycle-without-drug", "occupancy", "dose", "clones", "ensemble"):
        code, _, err = run(capsys, "figure", name, "--out", tmp_path / f"{name}.svg")
        assert (code, "figure in" in err) == (0, True)
        assert (tmp_path / f"{name}.svg").read_text().startswith("<svg")
    for wrong, says in (
        (["cycle", "--patient", 3, "--out", tmp_path / "x.svg"], "shows no patient"),
        (["ensemble", "--set", "kdeg=1", "--out", tmp_path / "x.svg"], "values that it was found with"),
        (["cycle", "--out", tmp_path / "x.txt"], "the ending must be one of"),
    ):
        code, _, err = run(capsys, "figure", *wrong)
        assert (code, says in err) == (2, True), err
    assert not list(tmp_path.glob("x.*"))


def test_every_figure_draws():
    doses, floor = dose_frame(SET)
    states = pl.DataFrame({"HOURS": [0.0, 1.0], "STATE": ["GTP-bound", "inhibited"], "SHARE": [0.65, 0.5]})
    specs = [
        switch_cycle(*cycle_frames(SET)),
        switch_cycle(*cycle_frames(SET, drug=False), title="Without drug"),
        switch_states(states),
        occupancy_course(occupancy_frame(SET, days=2), floor=floor),
        dose_response(doses, floor=floor),
        clone_burden(*clone_frames(SET)),
        ensemble_ranges(ensemble_frame(shipped_ensemble())),
        tornado(*(t := tornado_frame(SET, patients=60))[:1], base=t[1]),
    ]
    for spec in specs:
        assert draw(spec).startswith("<svg")
    assert "floor 4.3%" in draw(specs[4])


def test_fluxes_balance_at_steady_state():
    for drug in (True, False):
        states, fluxes = cycle_frames(SET, drug=drug)
        rate = dict(fluxes.iter_rows())
        assert sum(states["SHARE"]) == pytest.approx(1)
        on = rate["exchange"] + rate["new, GTP-bound"] - rate["hydrolysis"] - rate["breakdown, GTP-bound"]
        off = rate["inhibition"] - rate["breakdown, inhibited"]
        assert on == pytest.approx(0, abs=2e-3)
        assert off == pytest.approx(0, abs=2e-3)


def test_a_design_at_a_rate_and_on_a_population_agree():
    simon = Boundaries(n=29, success_at_least=10, looks=(10,), stop_at_most=(2,))
    seen = design_on_population(simon, SET, trials=300)
    assert abs(seen.exact_success - seen.simulated_success) < 4 * seen.standard_error
    assert abs(seen.exact_expected_n - seen.simulated_expected_n) < 1.5
    assert seen.pfs[0] < seen.pfs[1] < seen.pfs[2]
    assert 0.3 < seen.rate < 0.45
