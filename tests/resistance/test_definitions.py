"""Definitions of resistance on literal subjects; days from the first dose, so that limits are exact."""

import datetime as dt

import msgspec
import polars as pl
import pytest

from codon12.errors import ConfigError, DataError, UsageError
from codon12.resistance import (
    ResistancePolicy,
    classify_resistance,
    definition_overlap,
    progression_findings,
    read_definitions,
    shipped_definitions,
)

pytestmark = pytest.mark.requirement("R-RESI-01")

D = shipped_definitions()


def classify(name, seen, last=400, *, first=0, policy=None, **more):
    """Result, reason and the column all but confirmation of one subject with (day, response) assessments."""
    subjects = pl.DataFrame(
        {"USUBJID": ["1"], "TRTSDT": [first], "TRTEDT": [last]},
        schema_overrides={"TRTEDT": pl.Int64, "TRTSDT": pl.Int64},
    )
    rows = pl.DataFrame(seen, schema={"ADT": pl.Int64, "AVALC": pl.String}, orient="row")
    made = classify_resistance(
        subjects, rows.with_columns(USUBJID=pl.lit("1")), definition=D.definition(name), policy=policy
    )
    return made.select("RESULT", "REASON", "ALL_BUT_CONFIRMATION").row(0)


def test_seven_definitions_and_three_of_oligoprogression_print_themselves():
    assert (len(D.definitions), len(D.oligo)) == (7, 3)
    assert "best response PD, or stable disease of up to 6 months" in str(D.definition("sitc-2020-primary"))
    with pytest.raises(UsageError, match="nearest: schoenfeld-2021"):
        D.definition("schonfeld-2021")


def test_six_months_are_between_day_182_and_183():
    assert classify("sitc-2023-chemo-primary", [(182, "PD")])[0] == "meets"
    assert classify("sitc-2023-chemo-acquired", [(182, "PD")])[0] == "does not meet"
    assert classify("sitc-2023-chemo-acquired", [(183, "PD")])[0] == "meets"
    assert classify("sitc-2023-chemo-primary", [(183, "PD")])[0] == "does not meet"


def test_exposure_of_six_weeks_is_42_days_to_the_earlier_of_last_dose_and_progression():
    assert classify("sitc-2023-chemo-primary", [(100, "PD")], last=42)[0] == "meets"
    assert classify("sitc-2023-chemo-primary", [(100, "PD")], last=41)[1] == "not met (exposure)"
    assert classify("sitc-2023-chemo-primary", [(41, "PD")], last=300)[1] == "not met (exposure)"
    beyond = ResistancePolicy(exposure_counted_to="last dose")
    assert classify("sitc-2023-chemo-primary", [(41, "PD")], last=300, policy=beyond)[0] == "meets"


def test_confirmation_has_three_values():
    seen = [(60, "PR"), (250, "PD")]
    name = "sitc-2020-secondary"
    assert classify(name, seen) == ("not evaluable", "not evaluable (confirmation)", "Y")
    assert classify(name, [*seen, (277, "PD")])[0] == "not evaluable"  # 27 days: less than four weeks
    assert classify(name, [*seen, (278, "PD")]) == ("meets", None, None)
    assert classify(name, [*seen, (278, "SD")]) == ("does not meet", "not met (confirmation)", None)
    assert classify(name, [*seen, (278, "NE"), (300, "PD")])[0] == "meets"
    assert classify(name, seen, policy=ResistancePolicy(confirmation="ignored")) == ("meets", None, None)


def test_each_definition_confirms_after_its_own_weeks():
    people = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [0], "TRTEDT": [300]})
    rows = pl.DataFrame({"USUBJID": ["1"] * 4, "ADT": [60, 200, 230, 260], "AVALC": ["PR", "PD", "PD", "SD"]})
    base = D.definition("sitc-2020-secondary")
    late = msgspec.structs.replace(base, id="late", confirm_weeks=8)
    made = classify_resistance(people, rows, definition=[base, late])
    assert made["CONFIRMATION"].to_list() == ["met", "not met"]


def test_a_missing_last_dose_is_not_evaluable_and_never_no():
    seen = [(60, "PR"), (90, "PD")]
    assert classify("schoenfeld-2021", seen, last=None)[1] == "not evaluable (last dose)"
    assert classify("sitc-2020-secondary", seen, last=None)[1] == "not evaluable (exposure, confirmation)"
    assert classify("schoenfeld-2021", [(60, "SD"), (90, "PD")], last=None)[1] == "not met (best response)"


def test_within_six_months_of_the_last_dose_counts_progression_on_treatment():
    seen = [(60, "PR"), (300, "PD")]
    for last, result in ((400, "meets"), (118, "meets"), (117, "does not meet")):
        assert classify("schoenfeld-2021", seen, last=last)[0] == result


def test_stable_disease_counts_by_how_long_it_lasted():
    for day, secondary, primary in ((182, "does not meet", "not evaluable"), (183, "not evaluable", "does not meet")):
        seen = [(50, "SD"), (day, "PD")]
        assert classify("sitc-2020-secondary", seen)[0] == secondary
        assert classify("sitc-2020-primary", seen)[0] == primary


def test_death_without_progression_and_censoring_are_no_resistance():
    assert classify("response-then-progression", [(60, "PR")]) == ("does not meet", "not met (progression)", None)


def test_the_best_response_is_the_one_up_to_the_progression():
    """A response after the progression, as under treatment beyond it, does not count."""
    assert classify("response-then-progression", [(40, "SD"), (80, "PD"), (120, "PR")])[0] == "does not meet"
    assert classify("response-then-progression", [(60, "CR"), (90, "SD"), (120, "PD")])[0] == "meets"
    strict = ResistancePolicy(confirmed_response=True)
    assert (
        classify("response-then-progression", [(60, "PR"), (80, "SD"), (120, "PD")], policy=strict)[0]
        == "does not meet"
    )
    assert classify("response-then-progression", [(60, "PR"), (88, "PR"), (120, "PD")], policy=strict)[0] == "meets"


def test_no_known_best_response_is_not_evaluable():
    assert classify("response-then-progression", [(60, "NE"), (90, "SD"), (120, "PD")])[0] == "does not meet"
    rows = pl.DataFrame({"USUBJID": ["1"], "ADT": [90], "AVALC": ["PD"]})
    people = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [0], "TRTEDT": [80]})
    made = classify_resistance(people, rows, definition=D.definition("response-then-progression"))
    assert made["REASON"].item() == "not evaluable (best response)"  # the study records progressions alone


def test_immune_progression_is_that_which_was_confirmed():
    seen = [(60, "iPR"), (120, "iUPD"), (150, "iSD"), (200, "iUPD"), (230, "iCPD")]
    people = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [0], "TRTEDT": [300]})
    rows = pl.DataFrame(seen, schema={"ADT": pl.Int64, "AVALC": pl.String}, orient="row").with_columns(
        USUBJID=pl.lit("1")
    )
    made = classify_resistance(people, rows, definition=D.definition("sitc-2020-secondary"))
    assert (made["PROGDY"].item(), made["RESULT"].item()) == (200, "meets")
    open_ = classify_resistance(people, rows[:2], definition=D.definition("sitc-2020-secondary"))
    assert open_["CONFIRMATION"].item() == "not evaluable"


def test_dates_iso_texts_and_day_numbers_agree():
    day = dt.date(2024, 1, 1)
    frames = []
    for kind in (lambda n: day + dt.timedelta(days=n), lambda n: str(day + dt.timedelta(days=n)), lambda n: n):
        people = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [kind(0)], "TRTEDT": [kind(250)]})
        rows = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [kind(60), kind(250)], "AVALC": ["PR", "PD"]})
        made = classify_resistance(people, rows, definition=D.definitions)
        frames.append(made.select("DEFINITION", "RESULT", "REASON", "PROGDY", "EXPDUR"))
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_exposure_may_be_rows_of_ex():
    people = pl.DataFrame({"USUBJID": ["1"]})
    ex = pl.DataFrame(
        {"USUBJID": ["1"] * 2, "EXSTDTC": ["2024-01-01", "2024-02-01"], "EXENDTC": ["2024-01-31", "2024-08"]}
    )
    rows = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": ["2024-03-01", "2024-12-01"], "AVALC": ["PR", "PD"]})
    made = classify_resistance(people, rows, ex, definition=D.definition("schoenfeld-2021"))
    assert (made["EXPDUR"].item(), made["RESULT"].item()) == (243, "meets")  # to 31 August


def test_evaluators_are_classified_apart():
    people = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [0], "TRTEDT": [100]})
    rows = pl.DataFrame({"USUBJID": ["1"] * 3, "EVAL": ["CENTRAL", "INVESTIGATOR", "INVESTIGATOR"], "ADT": [60, 60, 90],
                         "AVALC": ["SD", "PR", "PD"]})  # fmt: skip
    made = classify_resistance(people, rows, definition=D.definition("response-then-progression"))
    assert dict(made.select("EVAL", "RESULT").iter_rows()) == {"CENTRAL": "does not meet", "INVESTIGATOR": "meets"}


def test_progressions_that_do_not_count_are_findings():
    people = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [dt.date(2024, 1, 10)]})
    rows = pl.DataFrame({"USUBJID": ["1"] * 2, "ADT": [dt.date(2024, 1, 2), dt.date(2024, 9, 1)], "AVALC": ["PD"] * 2,
                         "SRCROW": [4, 9]})  # fmt: skip
    found = progression_findings(people, rows, cutoff=dt.date(2024, 8, 1))
    assert found.select("RULE", "ROW").rows() == [
        ("progression-before-first-dose", 4),
        ("progression-after-cut-off", 9),
    ]
    policy = ResistancePolicy(cutoff=dt.date(2024, 8, 1))
    made = classify_resistance(people, rows, definition=D.definition("response-then-progression"), policy=policy)
    assert made["PROGRESSION"].item() == "not met"


def test_users_add_definitions(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[[definition]]\nid = "mine"\ntitle = "Mine"\nprogression_later_than_months = 3\nsource = "here"\ntrust = "read"\n'
    )
    made = read_definitions(own)
    assert made.definition("mine").criteria == ("progression", "time of progression")
    own.write_text('[[definition]]\nid = "mine"\ntitle = "Mine"\nwithin = 3\nsource = "here"\ntrust = "read"\n')
    with pytest.raises(ConfigError, match=r"own.toml, definition.*within"):
        read_definitions(own)
    own.write_text('[[definition]]\nid = "schoenfeld-2021"\ntitle = "Mine"\nsource = "here"\ntrust = "read"\n')
    with pytest.raises(ConfigError, match="defined twice"):
        read_definitions(own)


def test_wrong_frames_are_told():
    people = pl.DataFrame({"USUBJID": ["1", "1"]})
    rows = pl.DataFrame({"USUBJID": ["1"], "ADT": [1], "AVALC": ["great"]})
    with pytest.raises(DataError, match="several rows"):
        classify_resistance(people, rows, definition=D.definitions)
    with pytest.raises(DataError, match="no known response"):
        classify_resistance(people[:1], rows, definition=D.definitions)
    with pytest.raises(DataError, match="no column AVALC"):
        classify_resistance(people[:1], rows.drop("AVALC"), definition=D.definitions)


def test_overlap_of_two_definitions_counts_subjects():
    rows = pl.DataFrame({"USUBJID": ["1", "1", "2", "2", "3", "3"], "DEFINITION": ["a", "b"] * 3,
                         "RESULT": ["meets", "meets", "meets", "does not meet", "not evaluable", "meets"],
                         "ALL_BUT_CONFIRMATION": [None, None, None, None, "Y", None]})  # fmt: skip
    assert definition_overlap(rows).row(0) == ("a", "b", 2, 3)


def test_a_definition_is_called_by_its_short_name_or_its_id(tmp_path):
    own = tmp_path / "own.toml"
    one = '[[definition]]\nid = "mine"\ntitle = "Mine"\nsource = "protocol"\ntrust = "read"\n'
    own.write_text(one + one.replace('"mine"', '"other"') + 'short = "The other"\n')
    assert [d.called for d in read_definitions(own, shipped=False).definitions] == ["mine", "The other"]


def _bor_and_result(rows, definition="response-then-progression", **policy):
    start = {"USUBJID": ["1"], "TRTSDT": ["2024-01-01"], "TRTEDT": ["2024-12-01"]}
    seen = pl.DataFrame({"USUBJID": ["1"] * len(rows), "ADT": [d for d, _ in rows], "AVALC": [r for _, r in rows]})
    rule = shipped_definitions().definition(definition)
    made = classify_resistance(pl.DataFrame(start), seen, definition=rule, policy=ResistancePolicy(**policy))
    return made.select("BOR", "RESULT").row(0)


def test_a_progression_without_a_date_leaves_the_answer_open():
    assert _bor_and_result([("2024-03-01", "PR"), (None, "PD")]) == ("PR", "not evaluable")
    assert _bor_and_result([("2024-03-01", "PR"), ("01/09/2024", "PD")]) == ("PR", "not evaluable")
    assert _bor_and_result([("2024-03-01", "PR")]) == ("PR", "does not meet")


def test_a_cut_off_holds_for_dates_written_as_text():
    rows = [("2024-03-01", "PR"), ("2024-09-01", "PD")]
    assert _bor_and_result(rows, cutoff=dt.date(2024, 8, 1)) == ("PR", "does not meet")
    assert _bor_and_result(rows, cutoff=dt.date(2024, 9, 1)) == ("PR", "meets")


def test_one_complete_response_is_not_confirmed_by_a_partial_one():
    rows = [("2024-03-01", "PR"), ("2024-05-01", "CR"), ("2024-09-01", "PD")]
    assert _bor_and_result(rows, confirmed_response=True) == ("PR", "meets")
    assert _bor_and_result([*rows, ("2024-06-05", "CR")], confirmed_response=True)[0] == "CR"
    assert _bor_and_result(rows[1:], confirmed_response=True)[0] == "SD"


def test_a_response_after_an_unconfirmed_immune_progression_is_the_best():
    rows = [("2024-03-01", "iUPD"), ("2024-05-01", "iPR"), ("2024-09-01", "iUPD"), ("2024-10-15", "iCPD")]
    assert _bor_and_result(rows) == ("PR", "meets")


def test_two_readings_of_one_day_that_differ_leave_the_confirmation_open():
    rows = [("2024-03-01", "PR"), ("2024-09-10", "PD"), ("2024-10-20", "PD"), ("2024-10-20", "SD")]
    found = {_bor_and_result(r, "sitc-2020-secondary") for r in (rows, rows[::-1])}
    assert found == {("PR", "not evaluable")}


def test_who_was_never_assessed_is_not_known_to_be_without_progression():
    subjects = pl.DataFrame({"USUBJID": ["1", "2", "3"], "TRTSDT": [0, 0, 0], "TRTEDT": [400, 400, 400]})
    seen = {"USUBJID": ["1", "1", "3"], "ADT": [42, 84, 42], "AVALC": ["PR", "SD", "NE"]}
    made = classify_resistance(subjects, pl.DataFrame(seen), definition=D.definition("response-then-progression"))
    assert made.sort("USUBJID")["RESULT"].to_list() == ["does not meet", "not evaluable", "not evaluable"]
    # A study that holds nothing but progressions says of the others that they had none.
    alone = {"USUBJID": ["1"], "ADT": [84], "AVALC": ["PD"]}
    made = classify_resistance(subjects, pl.DataFrame(alone), definition=D.definition("response-then-progression"))
    assert made.filter(pl.col("USUBJID") != "1")["RESULT"].to_list() == ["does not meet", "does not meet"]
