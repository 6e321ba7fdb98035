"""Visits that lack targets, and baselines without disease, are named."""

from small_records import size, small_study


def test_a_visit_that_lacks_one_target_of_several_is_named(tmp_path):
    rows = [
        size("T1", -5, 30, 1),
        size("T2", -5, 30, 1),
        size("T1", 42, 20, 2),
        size("T1", 84, 9, 3),
        size("T2", 84, 9, 3),
    ]
    found = small_study(tmp_path / "s", rows)
    assert found.points() == [(42, "NE"), (84, "PR")]
    assert found.rules("targets-in-part") == [("TR", 3, "1")]


def test_a_complete_response_of_nodes_that_were_normal_at_baseline_is_named(tmp_path):
    def node(day, mm, visit):
        return size("T1", day, mm, visit, TRTESTCD="LPERP")

    found = small_study(tmp_path / "s", [node(-5, 8, 1), node(42, 8, 2)])
    assert found.points() == [(42, "CR")]
    assert found.rules("baseline-without-disease") == [("TR", 1, "1")]
    assert small_study(tmp_path / "t", [node(-5, 16, 1), node(42, 8, 2)]).rules("baseline-without-disease") == []
