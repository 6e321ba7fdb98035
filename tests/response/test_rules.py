"""Each rule by a tiny frame: what goes in, what comes out."""

from __future__ import annotations

import datetime as dt

import msgspec
import polars as pl
import pytest

from codon12.errors import DataError, UsageError
from codon12.response import (
    RecistPolicy,
    assess_lesions,
    best_overall_response,
    best_percent_change,
    clinical_benefit,
    concordance,
    counted_assessments,
    disease_control,
    duration_of_response,
    early_tumour_shrinkage,
    new_lesions,
    non_target_response,
    objective_response,
    overall_response,
    progression,
    select_targets,
    sum_of_diameters,
    target_response,
    target_selection_findings,
    time_to_nadir,
    time_to_response,
    tumour_growth_rate,
)

pytestmark = pytest.mark.requirement("R-RESP-01")

START = dt.date(2024, 1, 1)
REFERENCE = pl.DataFrame({"USUBJID": ["1"], "ADT": [START]})


def day(n: int) -> dt.date:
    return START + dt.timedelta(days=n)


def seen(*rows: tuple[int, str], subject: str = "1") -> pl.DataFrame:
    """Assessments of one subject: (days after the reference date, response)."""
    return pl.DataFrame(
        {"USUBJID": [subject] * len(rows), "ADT": [day(d) for d, _ in rows], "AVALC": [v for _, v in rows]},
        schema={"USUBJID": pl.String, "ADT": pl.Date, "AVALC": pl.String},
    )


def lesions(*rows: tuple) -> pl.DataFrame:
    """(lesion, group, visit, size, state[, nodal]); visit k is on day 42 (k - 1)."""
    full = [(*r, False)[:6] for r in rows]
    return pl.DataFrame(
        {
            "USUBJID": ["1"] * len(full),
            "LESIONID": [r[0] for r in full],
            "GROUP": [r[1] for r in full],
            "NODAL": [r[5] for r in full],
            "VISITNUM": [r[2] for r in full],
            "ADT": [day(42 * (r[2] - 1)) for r in full],
            "AVAL": [r[3] for r in full],
            "AVALC": [r[4] for r in full],
            "SRCDOM": ["TR"] * len(full),
            "SRCROW": range(1, len(full) + 1),
        },
        schema_overrides={"AVAL": pl.Float64, "AVALC": pl.String},
    )


def targets(*sizes: float | None, **policy: object) -> list[str]:
    """Target responses of one lesion measured at successive visits."""
    rows = [("T01", "TARGET", i + 1, s, None) for i, s in enumerate(sizes)]
    made = RecistPolicy(**policy)
    return target_response(sum_of_diameters(lesions(*rows), policy=made), policy=made)["AVALC"].to_list()


# --- thresholds are exact -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((14.0, 9.8), "PR"),  # -30% exactly; in floats -29.999999999999993
        ((14.0, 9.9), "SD"),
        ((27.0, 27.0, 32.4), "PD"),  # +20% exactly; in floats 19.999999999999996
        ((27.0, 27.0, 32.3), "SD"),
        ((3.2, 8.2), "PD"),  # +5.0 mm exactly; in floats 4.999999999999999
        ((3.2, 8.1), "SD"),
        ((100.0, 90.0, 108.0), "PD"),
        ((24.0, 21.0, 25.2), "SD"),  # +20% but +4.2 mm
        ((50.0, 0.0), "CR"),
        ((50.0, 0.0, 5.0), "PD"),  # from nadir 0 there is no percent change
    ],
)
def test_target_thresholds_are_exact(sizes, expected):
    assert targets(*sizes)[-1] == expected


def test_every_tenth_of_a_millimetre_agrees_with_whole_numbers():
    base = list(range(1, 2001))
    now = [7 * b // 10 for b in base]
    frame = pl.DataFrame({
        "USUBJID": [str(b) for b in base] * 2, "ADT": [START] * 2000 + [day(42)] * 2000,
        "AVAL": [b / 10 for b in base] + [n / 10 for n in now],
    })  # fmt: skip
    got = target_response(frame, policy=RecistPolicy()).select("USUBJID", "AVALC")
    want = {str(b): "CR" if n == 0 else "PR" for b, n in zip(base, now, strict=True)}
    assert dict(got.iter_rows()) == want


# --- target lesions -------------------------------------------------------------------------------------------------


def test_a_node_counts_as_resolved_below_10_mm_though_its_sum_is_not_zero():
    rows = lesions(
        ("T01", "TARGET", 1, 20.0, None), ("T02", "TARGET", 1, 18.0, None, True),
        ("T01", "TARGET", 2, 0.0, None), ("T02", "TARGET", 2, 9.9, None, True),
        ("T01", "TARGET", 3, 0.0, None), ("T02", "TARGET", 3, 10.0, None, True),
    )  # fmt: skip
    assert target_response(sum_of_diameters(rows))["AVALC"].to_list() == ["CR", "PR"]


def test_sums_given_with_a_flag_of_complete_response_have_it_by_the_flag():
    days = [dt.date(2024, m, 1) for m in (1, 3, 5)]
    sums = pl.DataFrame({"USUBJID": ["1"] * 3, "ADT": days, "AVAL": [30.0, 8.0, 0.0], "CRFL": [None, "Y", None]})
    assert target_response(sums)["AVALC"].to_list() == ["CR", "PR"]  # nodes of 8 mm; 0 mm that a reader denies


def test_a_missing_lesion_makes_the_sum_incomplete_but_not_unread():
    rows = lesions(
        ("T01", "TARGET", 1, 20.0, None), ("T02", "TARGET", 1, 20.0, None),
        ("T01", "TARGET", 2, 10.0, None), ("T02", "TARGET", 2, None, "NOT EVALUABLE"),
        ("T01", "TARGET", 3, 48.0, None),
    )  # fmt: skip
    sums = sum_of_diameters(rows)
    assert sums["ANL01FL"].to_list() == ["Y", None, None]
    assert sums["NADIR"].to_list() == [None, 40.0, 40.0]  # the incomplete 10 mm is no nadir
    assert target_response(sums)["AVALC"].to_list() == ["NE", "PD"]
    strict = RecistPolicy(partial_sum_pd=False)
    assert target_response(sum_of_diameters(rows, policy=strict), policy=strict)["AVALC"].to_list() == ["NE", "NE"]
    assert best_percent_change(sums).is_empty()  # the waterfall has no bar for incomplete sums


def test_too_small_to_measure_is_5_mm_by_default():
    rows = lesions(("T01", "TARGET", 1, 20.0, None), ("T01", "TARGET", 2, None, "Too small to measure"))
    assert sum_of_diameters(rows)["AVAL"].to_list() == [20.0, 5.0]
    missing = RecistPolicy(too_small_mm=None)
    assert sum_of_diameters(rows, policy=missing)["AVAL"].to_list() == [20.0, None]


def test_fragments_add_up_and_a_merged_lesion_stands_for_its_parts():
    rows = lesions(
        ("T01", "TARGET", 1, 30.0, None), ("T02", "TARGET", 1, 20.0, None),
        ("T01.1", "TARGET", 2, 10.0, None), ("T01.2", "TARGET", 2, 8.0, None), ("T02", "TARGET", 2, 20.0, None),
        ("T01/T02", "TARGET", 3, 44.0, None),
    )  # fmt: skip
    sums = sum_of_diameters(rows)
    assert sums["AVAL"].to_list() == [50.0, 38.0, 44.0]
    assert sums["ANL01FL"].to_list() == ["Y", "Y", "Y"]
    collected = sum_of_diameters(rows, policy=RecistPolicy(split_and_merged="as-collected"))
    assert collected["ANL01FL"].to_list() == ["Y", None, None]


def test_one_fragment_not_assessed_leaves_the_lesion_so():
    rows = lesions(
        ("T01", "TARGET", 1, 30.0, None), ("T01.1", "TARGET", 2, 10.0, None), ("T01.2", "TARGET", 2, None, "NE")
    )  # fmt: skip
    assert sum_of_diameters(rows)["ANL01FL"].to_list() == ["Y", None]


def test_the_same_lesion_recorded_twice_counts_once():
    rows = lesions(("T01", "TARGET", 1, 30.0, None), ("T01", "TARGET", 2, 10.0, None), ("T01", "TARGET", 2, 12.0, None))
    sums = sum_of_diameters(rows)
    assert sums["AVAL"].to_list() == [30.0, 12.0]
    assert (
        "target-measured-twice" in target_selection_findings(rows.with_columns(LOC=pl.lit("LIVER")))["RULE"].to_list()
    )


def test_baseline_is_the_last_visit_up_to_the_reference_date():
    rows = lesions(*(("T01", "TARGET", v, s, None) for v, s in ((1, 50.0), (2, 40.0), (3, 30.0))))
    start = pl.DataFrame({"USUBJID": ["1"], "ADT": [day(42)]})
    sums = sum_of_diameters(rows, start)
    assert sums["ABLFL"].to_list() == [None, "Y", None]
    assert sums["BASE"].to_list() == [None, 40.0, 40.0]
    assert target_response(sums).height == 1
    late = pl.DataFrame({"USUBJID": ["1"], "ADT": [day(-1)]})
    assert target_response(sum_of_diameters(rows, late))["AVALC"].to_list() == ["NE"] * 3


def test_nadir_is_of_earlier_days_only():
    sums = pl.DataFrame({"USUBJID": ["1"] * 3, "ADT": [START, day(42), day(42)], "AVAL": [40.0, 20.0, 30.0]})
    assert target_response(sums)["AVALC"].to_list() == ["PR", "SD"]


def test_sizes_and_states_outside_the_terms_are_refused():
    with pytest.raises(DataError, match=r"AVAL '-3.0' in 1 subject \(first: 1\)"):
        sum_of_diameters(lesions(("T01", "TARGET", 1, -3.0, None)))
    with pytest.raises(DataError, match="AVALC 'GONE AWAY'"):
        sum_of_diameters(lesions(("T01", "TARGET", 1, None, "GONE AWAY")))
    with pytest.raises(DataError, match="AVALC 'BIGGISH'"):
        non_target_response(lesions(("NT01", "NON-TARGET", 1, None, "BIGGISH")))
    with pytest.raises(DataError, match="AVALC 'MAYBE'"):
        new_lesions(lesions(("NEW01", "NEW", 1, None, "MAYBE")))


# --- memory of responses --------------------------------------------------------------------------------------------


def test_partial_response_stays_until_progression_only_where_asked_for():
    sizes = (100.0, 70.0, 70.0, 80.0, 80.0, 84.0)
    assert targets(*sizes) == ["PR", "PR", "SD", "SD", "PD"]
    assert targets(*sizes, sticky_pr=True) == ["PR", "PR", "PR", "PR", "PD"]
    assert targets(100.0, 70.0, 80.0, sticky_pr=True) == ["PR", "PR"]
    assert targets(100.0, 70.0, 80.0, sticky_pr=True, sticky_pr_confirmed=True) == ["PR", "SD"]
    assert targets(*sizes, sticky_pr=True, sticky_pr_confirmed=True) == ["PR", "PR", "PR", "PR", "PD"]
    # before any response, and after a progression, stable disease is stable disease
    assert targets(100.0, 80.0, 70.0, 80.0, sticky_pr=True) == ["SD", "PR", "PR"]
    assert targets(100.0, 60.0, 90.0, 91.0, sticky_pr=True) == ["PR", "PD", "PD"]
    assert targets(100.0, 90.0, 95.0, sticky_pr=True) == ["SD", "SD"]
    assert targets(100.0, 65.0, 80.0, 74.0, sticky_pr=True) == ["PR", "PD", "SD"]
    assert targets(5.0, 0.0, 4.0, sticky_pr=True) == ["CR", "PR"]


def test_a_response_before_progression_confirms_none_after_it():
    kept = {"sticky_pr": True, "sticky_pr_confirmed": True}
    assert targets(100.0, 65.0, 80.0, 65.0, 74.0, **kept) == ["PR", "PD", "PR", "SD"]
    assert targets(100.0, 65.0, 65.0, 80.0, 74.0, **kept) == ["PR", "PR", "PD", "SD"]


def test_the_response_of_one_subject_is_kept_for_no_other():
    both = lesions(*(("T01", "TARGET", i + 1, s, None) for i, s in enumerate((100.0, 65.0, 75.0)))).with_columns(
        USUBJID=pl.lit("1")
    )
    other = lesions(*(("T01", "TARGET", i + 1, s, None) for i, s in enumerate((100.0, 90.0, 95.0)))).with_columns(
        USUBJID=pl.lit("2")
    )
    policy = RecistPolicy(sticky_pr=True)
    found = target_response(sum_of_diameters(pl.concat([both, other]), policy=policy), policy=policy)
    assert found["AVALC"].to_list() == ["PR", "PR", "SD", "SD"]


def test_a_target_seen_again_without_a_size_is_seen():
    rows = lesions(
        ("T01", "TARGET", 1, 20.0, None), ("T01", "TARGET", 2, 0.0, None), ("T01", "TARGET", 3, None, "PRESENT")
    )
    assert sum_of_diameters(rows)["PRESENTFL"].to_list() == ["Y", None, "Y"]


def test_parts_carry_the_name_of_their_parameter():
    rows = lesions(("NT01", "NON-TARGET", 1, None, "PRESENT"), ("NT01", "NON-TARGET", 2, None, "ABSENT"))
    assert non_target_response(rows)["PARAMCD"].to_list() == ["NTRGRESP"]
    assert new_lesions(lesions(("NEW01", "NEW", 2, None, None)))["PARAMCD"].to_list() == ["NEWLRESP"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [("UNEQUIVOCAL", "PD"), ("Y", "PD"), ("YES", "PD"), ("PD", "PD"), ("N", "PR"), ("NO", "PR"), ("EQUIVOCAL", "PR")],
)
def test_what_a_new_lesion_says_in_words(text, answer):
    point = {"USUBJID": ["1"], "TRGRESP": ["PR"], "NTRGRESP": ["CR"], "NEWLRESP": [text]}
    assert overall_response(pl.DataFrame(point))["AVALC"].item() == answer


@pytest.mark.parametrize(
    ("target", "non_target", "new", "row"),
    [
        ("PD", "PD", "UNEQUIVOCAL", 1),
        ("PR", "PD", "UNEQUIVOCAL", 2),
        ("PR", "NON-CR/NON-PD", "UNEQUIVOCAL", 3),
        ("PR", "NON-CR/NON-PD", "EQUIVOCAL", 1),
        ("CR", "NON-CR/NON-PD", None, 2),
        ("CR", "CR", None, 1),
        (None, "NON-CR/NON-PD", None, 2),
    ],
)
def test_the_source_is_that_of_the_part_that_decided(target, non_target, new, row):
    point = {"USUBJID": ["1"], "TRGRESP": [target], "NTRGRESP": [non_target], "NEWLRESP": [new]}
    sources = {"TRGSRCROW": [1 if target else None], "NTRGSRCROW": [2], "NEWLSRCROW": [3]}
    schema = dict.fromkeys(point, pl.String) | dict.fromkeys(sources, pl.Int64)
    assert overall_response(pl.DataFrame(point | sources, schema=schema))["SRCROW"].item() == row


def test_stable_disease_does_not_confirm_a_complete_response():
    assert best((42, "CR"), (84, "SD"), (126, "CR")) == "SD"
    assert best((42, "CR"), (84, "NE"), (126, "CR")) == "CR"
    assert best((42, "PR"), (84, "SD"), (126, "PR")) == "SD"
    assert best((42, "PR"), (84, "SD"), (126, "PR"), accept_sd=True) == "PR"


def test_reappearance_after_complete_response():
    assert targets(50.0, 0.0, 3.0) == ["CR", "PR"]
    assert targets(50.0, 0.0, 3.0, reappearance_after_cr="target-lesion") == ["CR", "PD"]
    rows = lesions(
        ("T01", "TARGET", 1, 50.0, None), ("NT01", "NON-TARGET", 1, None, "PRESENT"),
        ("T01", "TARGET", 2, 0.0, None), ("NT01", "NON-TARGET", 2, None, "ABSENT"),
        ("T01", "TARGET", 3, 0.0, None), ("NT01", "NON-TARGET", 3, None, "PRESENT"),
    )  # fmt: skip
    assert assess_lesions(rows)["AVALC"].to_list() == ["CR", "PR"]
    strict = RecistPolicy(reappearance_after_cr="any-lesion")
    assert assess_lesions(rows, policy=strict)["AVALC"].to_list() == ["CR", "PD"]


# --- non-target and new lesions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("ABSENT", "ABSENT"), "CR"),
        (("ABSENT", "PRESENT"), "NON-CR/NON-PD"),
        (("ABSENT", "NOT EVALUABLE"), "NE"),
        (("ABSENT",), "NE"),
        (("PRESENT", "NOT EVALUABLE"), "NON-CR/NON-PD"),
        (("ABSENT", "UNEQUIVOCAL PROGRESSION"), "PD"),
        (("absent ", "Absent"), "CR"),
    ],
)
def test_non_target_response(states, expected):
    first = [(f"NT0{i}", "NON-TARGET", 1, None, "PRESENT") for i in (1, 2)]
    later = [(f"NT0{i + 1}", "NON-TARGET", 2, None, s) for i, s in enumerate(states)]
    assert non_target_response(lesions(*first, *later))["AVALC"].to_list() == [expected]


def test_a_non_target_lesion_recorded_twice_does_not_stand_for_another():
    rows = lesions(
        ("NT01", "NON-TARGET", 1, None, "PRESENT"), ("NT02", "NON-TARGET", 1, None, "PRESENT"),
        ("NT01", "NON-TARGET", 2, None, "ABSENT"), ("NT01", "NON-TARGET", 2, None, "ABSENT"),
    )  # fmt: skip
    assert non_target_response(rows)["AVALC"].item() == "NE"


def test_disease_of_non_targets_alone():
    rows = lesions(("NT01", "NON-TARGET", 1, None, "PRESENT"), ("NT01", "NON-TARGET", 2, None, "PRESENT"),
                   ("NT01", "NON-TARGET", 3, None, "ABSENT"))  # fmt: skip
    assert assess_lesions(rows)["AVALC"].to_list() == ["NON-CR/NON-PD", "CR"]


def test_an_equivocal_new_lesion_counts_once_it_is_confirmed_and_from_when():
    rows = lesions(
        ("T01", "TARGET", 1, 20.0, None), ("T01", "TARGET", 2, 20.0, None), ("T01", "TARGET", 3, 20.0, None),
        ("N01", "NEW", 2, None, "EQUIVOCAL"), ("N01", "NEW", 3, None, "UNEQUIVOCAL"), ("N02", "NEW", 2, None, "EQUIVOCAL"),
    )  # fmt: skip
    assert assess_lesions(rows)["AVALC"].to_list() == ["PD", "PD"]
    later = RecistPolicy(equivocal_confirmed="at-confirmation")
    assert assess_lesions(rows, policy=later)["AVALC"].to_list() == ["SD", "PD"]
    alone = rows.filter(pl.col("LESIONID") != "N01")
    assert assess_lesions(alone)["AVALC"].to_list() == ["SD", "SD"]


def test_the_deciding_row_is_the_source():
    rows = lesions(
        ("T01", "TARGET", 1, 20.0, None), ("NT01", "NON-TARGET", 1, None, "PRESENT"),
        ("T01", "TARGET", 2, 20.0, None), ("NT01", "NON-TARGET", 2, None, "PD"),
        ("T01", "TARGET", 3, 20.0, None), ("NT01", "NON-TARGET", 3, None, "PRESENT"), ("N01", "NEW", 3, 9.0, None),
    )  # fmt: skip
    assert assess_lesions(rows).select("AVALC", "SRCDOM", "SRCROW").rows() == [("PD", "TR", 4), ("PD", "TR", 7)]


def test_a_visit_is_dated_by_the_policy():
    rows = lesions(
        ("T01", "TARGET", 1, 20.0, None), ("NT01", "NON-TARGET", 1, None, "PRESENT"),
        ("T01", "TARGET", 2, 20.0, None), ("NT01", "NON-TARGET", 2, None, "PD"),
    ).with_columns(ADT=pl.when(pl.col("SRCROW") == 4).then(pl.col("ADT") + pl.duration(days=3)).otherwise("ADT"))  # fmt: skip
    for choice, expected in (("earliest", day(42)), ("latest", day(45)), ("earliest-if-pd", day(45))):
        assert assess_lesions(rows, policy=RecistPolicy(visit_date=choice))["ADT"].item() == expected


@pytest.mark.parametrize("text", ["ABSENT", "NOT EVALUABLE", "EQUIVOCAL"])
def test_the_day_on_which_a_new_lesion_was_looked_for_is_a_day_of_its_visit(text):
    rows = lesions(("T01", "TARGET", 1, 20.0, None), ("T01", "TARGET", 2, 20.0, None), ("N01", "NEW", 2, None, text))
    for days, choice in ((-2, "earliest"), (3, "latest")):
        shifted = pl.when(GROUP="NEW").then(pl.col("ADT") + pl.duration(days=days)).otherwise("ADT")
        seen = assess_lesions(rows.with_columns(ADT=shifted), policy=RecistPolicy(visit_date=choice))
        assert seen.select("AVALC", "ADT").rows() == [("SD", day(42 + days))]


# --- overall response -----------------------------------------------------------------------------------------------


def point(target, other, new=None, **more):
    return pl.DataFrame(
        {"USUBJID": ["1"], "TRGRESP": [target], "NTRGRESP": [other], "NEWLRESP": [new], **more},
        schema_overrides=dict.fromkeys(("TRGRESP", "NTRGRESP", "NEWLRESP"), pl.String),
    )


TABLE_1 = {  # RECIST 1.1 tables 1 and 2
    ("CR", "CR"): "CR", ("CR", "NON-CR/NON-PD"): "PR", ("CR", "NE"): "PR", ("PR", "CR"): "PR",
    ("PR", "NON-CR/NON-PD"): "PR", ("PR", "NE"): "PR", ("SD", "CR"): "SD", ("SD", "NON-CR/NON-PD"): "SD",
    ("SD", "NE"): "SD", ("NE", "CR"): "NE", ("NE", "NON-CR/NON-PD"): "NE", ("NE", "NE"): "NE",
    (None, "CR"): "CR", (None, "NON-CR/NON-PD"): "NON-CR/NON-PD", (None, "NE"): "NE",
    ("CR", None): "CR", ("PR", None): "PR", ("SD", None): "SD", ("NE", None): "NE", (None, None): "NE",
}  # fmt: skip


@pytest.mark.parametrize(("parts", "expected"), TABLE_1.items())
def test_overall_response_without_progression(parts, expected):
    assert overall_response(point(*parts))["AVALC"].item() == expected
    assert overall_response(point(*parts, "EQUIVOCAL"))["AVALC"].item() == expected
    assert overall_response(point(*parts, "UNEQUIVOCAL"))["AVALC"].item() == "PD"


@pytest.mark.parametrize("other", ["CR", "PR", "SD", "NE", "NON-CR/NON-PD", None])
def test_progression_of_any_part_is_progression(other):
    assert overall_response(point("PD", other))["AVALC"].item() == "PD"
    assert overall_response(point(other, "PD"))["AVALC"].item() == "PD"


def test_a_missing_non_target_record_is_surfaced():
    missing = point("PR", None, TRGEXP=["Y"], NTRGEXP=["Y"])
    assert overall_response(missing)["AVALC"].item() == "PR"
    check = RecistPolicy(missing_non_target="check")
    assert overall_response(missing, policy=check)["AVALC"].item() == "CHECK"
    assert overall_response(missing, policy=RecistPolicy.admiralonco())["AVALC"].item() == "CHECK"
    assert overall_response(point("CR", None, TRGEXP=["Y"], NTRGEXP=["Y"]))["AVALC"].item() == "PR"
    assert overall_response(point("SD", "CHECK", TRGEXP=["Y"], NTRGEXP=["Y"]))["AVALC"].item() == "SD"
    assert overall_response(point(None, "NON-CR/NON-PD", TRGEXP=["Y"], NTRGEXP=["Y"]))["AVALC"].item() == "NE"
    assert overall_response(point("PD", None, NTRGEXP=["Y"]))["AVALC"].item() == "PD"


# --- best overall response ------------------------------------------------------------------------------------------


def best(*rows, confirmed=True, **policy):
    found = best_overall_response(seen(*rows), REFERENCE, policy=RecistPolicy(**policy), confirmed=confirmed)
    return found["AVALC"].item()


TABLE_3 = [  # RECIST 1.1 table 3: first, second time point, best response (early and late first time point)
    ("CR", "CR", "CR", "CR"), ("CR", "PR", "PD", "SD"), ("CR", "SD", "PD", "SD"), ("CR", "PD", "PD", "SD"),
    ("CR", "NE", "NE", "SD"), ("PR", "CR", "PR", "PR"), ("PR", "PR", "PR", "PR"), ("PR", "SD", "SD", "SD"),
    ("PR", "PD", "PD", "SD"), ("PR", "NE", "NE", "SD"), ("NE", "NE", "NE", "NE"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "early", "late"), TABLE_3)
def test_recist_table_3(first, second, early, late):
    policy = RecistPolicy.recist_1_1()
    for when, expected in ((28, early), (42, late)):
        rows = seen((when, first), (when + 28, second))
        assert best_overall_response(rows, REFERENCE, policy=policy)["AVALC"].item() == expected


@pytest.mark.parametrize(("gap", "expected"), [(27, "SD"), (28, "PR")])
def test_confirmation_takes_28_days(gap, expected):
    assert best((42, "PR"), (42 + gap, "PR")) == expected


def test_confirmation_may_have_an_upper_limit():
    rows = ((42, "PR"), (42 + 84, "PR"))
    assert best(*rows, confirmation_max_days=84) == "PR"
    assert best(*rows, confirmation_max_days=83) == "SD"


def test_what_may_lie_between_response_and_confirmation():
    assert best((42, "PR"), (56, "NE"), (84, "PR")) == "PR"
    assert best((42, "PR"), (50, "NE"), (60, "NE"), (84, "PR")) == "SD"
    assert best((42, "PR"), (50, "NE"), (60, "NE"), (84, "PR"), max_ne=2) == "PR"
    assert best((42, "PR"), (56, "SD"), (84, "PR")) == "SD"
    assert best((42, "PR"), (56, "SD"), (84, "PR"), accept_sd=True) == "PR"
    assert best((42, "PR"), (50, "SD"), (60, "SD"), (84, "PR"), accept_sd=True) == "SD"
    assert best((42, "CR"), (56, "SD"), (84, "CR"), accept_sd=True) == "SD"
    assert best((42, "PR"), (56, "CR"), (63, "PR"), (84, "CR")) == "SD"  # PR after CR in the window
    assert best((42, "PR"), (56, "NON-CR/NON-PD"), (84, "PR")) == "SD"


@pytest.mark.parametrize(("day_of", "counting", "expected"), [(34, "elapsed", "NE"), (35, "elapsed", "SD"),
                                                              (33, "study-day", "NE"), (34, "study-day", "SD")])  # fmt: skip
def test_stable_disease_from_day_35_and_the_one_day_trap(day_of, counting, expected):
    assert best((day_of, "SD"), sd_count=counting) == expected


def test_nothing_seen_and_nothing_done():
    none = seen()
    assert best_overall_response(none, REFERENCE).row(0) == ("1", "CBOR", None, "MISSING", 7)
    assert best_overall_response(none, REFERENCE, policy=RecistPolicy(missing_as_ne=True))["AVALC"].item() == "NE"
    assert best((42, "ND"), nd="report") == "ND"
    assert best((42, "ND"), confirmed=False) == "MISSING"
    assert best((42, "ND"), nd="missing") == "MISSING"
    assert best_overall_response(none, REFERENCE.clear()).is_empty()
    assert best_overall_response(none, REFERENCE, policy=RecistPolicy(denominator="assessed")).is_empty()


def test_assessments_after_progression_do_not_count_unless_asked_for():
    rows = ((42, "PD"), (84, "CR"), (126, "CR"))
    assert best(*rows) == "PD"
    assert best(*rows, stop_at_first_pd=False) == "CR"


def test_the_worst_of_a_day_counts():
    rows = seen((42, "PR"), (42, "NE"), (84, "SD"), (84, "PD"))
    assert counted_assessments(rows)["AVALC"].to_list() == ["PR", "PD"]
    with pytest.raises(DataError, match="several on one day"):
        counted_assessments(rows, policy=RecistPolicy(same_day="error"))
    last = rows.with_columns(SRCROW=pl.Series([1, 2, 4, 3]))
    assert counted_assessments(last, policy=RecistPolicy(same_day="last"))["AVALC"].to_list() == ["NE", "SD"]


def test_disease_after_complete_response_by_policy():
    rows = ((42, "CR"), (84, "PR"))
    assert best(*rows, confirmed=False) == "CR"
    assert progression(seen(*rows), REFERENCE, policy=RecistPolicy(cr_then_non_cr="pd"))["AVALC"].item() == "Y"
    with pytest.raises(DataError, match="PR after CR in 1 subject"):
        best(*rows, cr_then_non_cr="error")


def test_unknown_responses_are_refused_or_not_evaluable():
    with pytest.raises(DataError, match=r"AVALC 'SD\?' in 1 subject"):
        best((42, "SD?"))
    assert best((42, "SD?"), unknown_values="ne") == "NE"
    assert best((42, "CHECK")) == "NE"


def test_new_therapy_and_the_reference_date_bound_what_counts():
    start = REFERENCE.with_columns(NACTDT=pl.lit(day(84)))
    rows = seen((-10, "CR"), (42, "SD"), (84, "PR"))
    kept = lambda **p: counted_assessments(rows, start, policy=RecistPolicy(**p))["AVALC"].to_list()  # noqa: E731
    assert kept() == ["SD"]
    assert kept(new_therapy="on-or-before") == ["SD", "PR"]
    assert kept(new_therapy="ignore", assessments_from="any") == ["CR", "SD", "PR"]


def test_evaluators_stay_apart_and_the_accepted_reader_counts():
    rows = pl.concat([
        seen((42, "PR")).with_columns(EVAL=pl.lit("INVESTIGATOR"), EVALID=pl.lit(None, pl.String), ACPTFL=pl.lit(None, pl.String)),
        seen((42, "SD")).with_columns(EVAL=pl.lit("CENTRAL"), EVALID=pl.lit("R1"), ACPTFL=pl.lit(None, pl.String)),
        seen((42, "PD")).with_columns(EVAL=pl.lit("CENTRAL"), EVALID=pl.lit("R2"), ACPTFL=pl.lit("Y")),
    ])  # fmt: skip
    both = best_overall_response(rows, REFERENCE, confirmed=False)
    assert both.select("EVAL", "AVALC").rows() == [("CENTRAL", "PD"), ("INVESTIGATOR", "PR")]
    one = best_overall_response(rows, REFERENCE, confirmed=False, policy=RecistPolicy(evaluator="INVESTIGATOR"))
    assert one.select("EVAL", "AVALC").rows() == [("INVESTIGATOR", "PR")]
    every = best_overall_response(rows, REFERENCE, confirmed=False, policy=RecistPolicy(accepted_only=False))
    assert every["AVALC"].to_list() == ["SD", "PD", "PR"]


def test_response_control_and_benefit():
    rows, policy = seen((28, "SD"), (42, "SD"), (84, "PR")), RecistPolicy()
    assert objective_response(rows, REFERENCE, confirmed=False).select("AVALC", "ADT").row(0) == ("Y", day(84))
    assert objective_response(rows, REFERENCE).select("AVALC", "ADT").row(0) == ("N", None)
    assert disease_control(rows, REFERENCE).select("AVALC", "ADT").row(0) == ("Y", day(42))
    half_year = msgspec.structs.replace(policy, benefit_min_days=168)
    assert clinical_benefit(rows, REFERENCE, policy=half_year)["AVALC"].item() == "N"
    assert clinical_benefit(rows, REFERENCE, policy=half_year, confirmed=False)["ADT"].item() == day(84)


def test_times_of_response():
    rows = seen((42, "PR"), (84, "PR"), (126, "NE"), (168, "PD"))
    assert time_to_response(rows, REFERENCE)["AVAL"].item() == 43
    assert duration_of_response(rows, REFERENCE).select("STARTDT", "ADT", "AVAL", "PDFL").row(0) == (
        day(42),
        day(168),
        127,
        "Y",
    )
    open_end = duration_of_response(rows.head(3), REFERENCE)
    assert open_end.select("ADT", "PDFL").row(0) == (day(84), None)
    assert duration_of_response(rows.head(1), REFERENCE).is_empty()
    assert duration_of_response(rows.head(1), REFERENCE, confirmed=False).height == 1


# --- growth, agreement, selection -----------------------------------------------------------------------------------


def test_growth_metrics():
    sums = pl.DataFrame({"USUBJID": ["1"] * 3, "ADT": [START, day(42), day(84)], "AVAL": [40.0, 20.0, 0.0]})
    assert best_percent_change(sums)["PCHG"].item() == -100.0
    assert time_to_nadir(sums)["AVAL"].item() == 84
    rate = tumour_growth_rate(sums, policy=RecistPolicy(days_per_month=42))
    assert rate["AVAL"][0] == pytest.approx(-87.5)  # half the diameter is an eighth of the volume
    assert rate["AVAL"][1] is None
    assert early_tumour_shrinkage(sums)["AVALC"].item() == "Y"
    assert early_tumour_shrinkage(sums.filter(pl.col("ADT") != day(42)))["AVALC"].item() == "NE"


def test_kappa_of_a_textbook_table():
    """Fleiss, Levin and Paik 2003, table 18.1: 75 1 4 / 5 4 1 / 0 0 10 of 100: kappa 0.68, se(kappa) 0.087."""
    counts = {("A", "A"): 75, ("A", "B"): 1, ("A", "C"): 4, ("B", "A"): 5, ("B", "B"): 4, ("B", "C"): 1, ("C", "C"): 10}
    pairs = [p for p, n in counts.items() for _ in range(n)]
    ids = [str(i) for i in range(100)]
    result = concordance(*(pl.DataFrame({"USUBJID": ids, "AVALC": [p[i] for p in pairs]}) for i in (0, 1)))
    assert result.kappa == pytest.approx(0.6765, abs=5e-5)
    assert result.se == pytest.approx(0.0877, abs=5e-4)
    assert (result.n, result.agree) == (100, 89)


def test_kappa_agrees_with_statsmodels():
    from statsmodels.stats.inter_rater import cohens_kappa

    names = ["CR", "PR", "SD", "PD"]
    pairs = [(names[i % 4], names[(i * i + i // 7) % 4 if i % 3 == 0 else i % 4]) for i in range(90)]
    ids = [str(i) for i in range(90)]
    for weights, power in (("linear", "linear"), ("quadratic", "quadratic")):
        result = concordance(
            *(pl.DataFrame({"USUBJID": ids, "AVALC": [p[i] for p in pairs]}) for i in (0, 1)), weights=weights
        )
        table = result.table.drop("A").to_numpy()
        plain, weighted = cohens_kappa(table), cohens_kappa(table, wt=power)
        assert result.kappa == pytest.approx(plain.kappa, rel=1e-12)
        assert result.se == pytest.approx(plain.std_kappa, rel=1e-12)
        assert result.weighted_kappa == pytest.approx(weighted.kappa, rel=1e-12)
        assert result.weighted_se == pytest.approx(weighted.std_kappa, rel=1e-12)


def test_concordance_without_a_kappa():
    same = pl.DataFrame({"USUBJID": ["1", "2"], "AVALC": ["SD", "SD"]})
    assert concordance(same, same).kappa is None
    assert concordance(same.clear(), same).n == 0
    assert concordance(same.head(1), same).only_b == 1
    with pytest.raises(DataError, match="more than one row a subject"):
        concordance(pl.concat([same, same]), same)
    with pytest.raises(UsageError):
        concordance(same, same, weights="cubic")


def test_targets_are_the_largest_within_the_limits():
    sites = [
        ("LIVER", 45),
        ("LIVER", 40),
        ("LIVER", 28),
        ("LUNG", 38),
        ("LUNG, LEFT", 35),
        ("LYMPH NODE", 32),
        ("LYMPH NODE", 25),
        ("LYMPH NODE", 20),
    ]
    seen_at = pl.DataFrame({"USUBJID": ["1"] * 8, "LOC": [s for s, _ in sites], "AVAL": [float(v) for _, v in sites]})
    assert select_targets(seen_at)["AVAL"].sum() == 190


def test_selection_findings():
    rows = pl.DataFrame({
        "USUBJID": ["1"] * 7, "LESIONID": [f"T{i}" for i in range(7)], "GROUP": ["TARGET"] * 7, "ADT": [START] * 7,
        "LOC": ["LIVER", "LIVER", "LIVER", "LUNG", "LYMPH NODE", "BONE", "SKIN"], "SLICE": [None, None, None, 8.0, None, None, None],
        "AVAL": [40.0, 30.0, 20.0, 15.0, 14.0, 12.0, 9.0], "SRCROW": range(1, 8),
    })  # fmt: skip
    found = target_selection_findings(rows).select("RULE", "ROW").rows()
    assert found == [
        ("node-not-measurable", 5), ("target-not-measurable", 4), ("target-not-measurable", 7),
        ("targets-per-organ", 3), ("targets-per-patient", 6), ("targets-per-patient", 7),
    ]  # fmt: skip


def test_every_policy_field_has_a_sentence():
    for policy in (RecistPolicy(), RecistPolicy.recist_1_1(), RecistPolicy.admiralonco()):
        sentences = policy.sentences()
        assert set(sentences) == set(RecistPolicy.__struct_fields__)
        assert all(s and "{value}" not in s and "None" not in s for s in sentences.values())


# --- nothing to do --------------------------------------------------------------------------------------------------


def test_empty_frames_give_empty_frames_of_the_same_columns():
    rows = lesions(("T01", "TARGET", 1, 20.0, None), ("T01", "TARGET", 2, 20.0, None))
    for derive in (sum_of_diameters, non_target_response, new_lesions, assess_lesions):
        assert derive(rows.clear()).is_empty()
        assert derive(rows.clear(), **({} if derive is new_lesions else {"reference": REFERENCE})).is_empty()
    assert assess_lesions(rows.clear()).columns == assess_lesions(rows).columns
    for derive in (best_percent_change, time_to_nadir, tumour_growth_rate, early_tumour_shrinkage, target_response):
        assert derive(sum_of_diameters(rows.clear())).is_empty()
    assert time_to_response(seen(), REFERENCE).is_empty()
    assert duration_of_response(seen(), REFERENCE).is_empty()


def test_a_subject_without_a_reference_date_has_no_stable_disease():
    undated = REFERENCE.with_columns(ADT=pl.lit(None, pl.Date))
    assert best_overall_response(seen((42, "SD")), undated)["AVALC"].item() == "NE"
    assert best_overall_response(seen((42, "PR")), undated, confirmed=False)["AVALC"].item() == "PR"


def test_a_subject_twice_in_the_reference_is_refused():
    with pytest.raises(DataError, match="Give one row a subject"):
        best_overall_response(seen((42, "SD")), pl.concat([REFERENCE, REFERENCE]))
