"""Lesions, sites and what follows, on literal subjects."""

import datetime as dt

import polars as pl
import pytest

from codon12.errors import UsageError
from codon12.resistance import (
    ResistancePolicy,
    contributing_lesions,
    next_therapy,
    next_therapy_times,
    progression_patterns,
    read_organs,
    shipped_organs,
    site_findings,
    sites_of_table,
    survival_after,
    therapy_findings,
    time_to_resistance,
)

DAYS = [dt.date(2024, 1, 1), dt.date(2024, 3, 1), dt.date(2024, 5, 1)]
PD = pl.DataFrame({"USUBJID": ["1"], "ADT": [DAYS[2]]})


def lesion(name, group, sizes, *, loc="LUNG", nodal=False, states=(None, None, None)):
    rows = [
        ("1", name, group, loc, nodal, d, s, t)
        for d, s, t in zip(DAYS, sizes, states, strict=True)
        if s is not None or t
    ]
    schema = {"USUBJID": pl.String, "LESIONID": pl.String, "GROUP": pl.String, "LOC": pl.String, "NODAL": pl.Boolean,
              "ADT": pl.Date, "AVAL": pl.Float64, "AVALC": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def seen(*lesions):
    return contributing_lesions(pl.concat(lesions), PD)


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [
        ((30.0, 25.0, 30.0), True),  # +5 mm and +20 % over 25.0, its own lowest
        ((30.0, 25.0, 29.9), False),
        ((30.0, 26.0, 31.0), False),  # +5 mm, +19.2 %
        ((3.2, 3.2, 8.2), True),
        ((20.0, 30.0, 25.0), True),  # the lowest earlier value is the baseline
    ],
)
def test_a_target_contributes_by_its_own_lowest_value(sizes, counts):
    made = seen(lesion("T01", "TARGET", sizes), lesion("N1", "NEW", (None, None, 1.0)))
    assert ("target" in made["KIND"].to_list()) is counts


def test_a_merged_lesion_grows_over_the_sum_of_its_parts():
    parts = [lesion("T01", "TARGET", (20.0, 15.0, None)), lesion("T02", "TARGET", (10.0, 10.0, None))]
    for now, grown in ((30.0, True), (29.9, False)):
        made = seen(*parts, lesion("T01/T02", "TARGET", (None, None, now)), lesion("N1", "NEW", (None, None, 1.0)))
        rows = made.filter(KIND="target").select("LESIONID", "AVAL", "LOWEST").rows()
        assert rows == ([("T01/T02", now, 25.0)] if grown else [])


def test_fragments_of_a_lesion_grow_together():
    whole = lesion("T01", "TARGET", (20.0, 15.0, None))
    parts = [lesion(f"T01.{i}", "TARGET", (None, None, 10.0)) for i in (1, 2)]
    assert seen(whole, *parts).select("LESIONID", "AVAL", "LOWEST").rows() == [("T01", 20.0, 15.0)]
    unseen = lesion("T01.2", "TARGET", (None, None, None), states=(None, None, "NOT EVALUABLE"))
    assert seen(whole, parts[0], unseen).is_empty()


def test_a_part_beside_the_merged_lesion_says_nothing_of_its_own():
    rows = [lesion("T01", "TARGET", (20.0, 15.0, 40.0)), lesion("T02", "TARGET", (10.0, 10.0, None))]
    made = seen(*rows, lesion("T01/T02", "TARGET", (None, None, 26.0)), lesion("N1", "NEW", (None, None, 1.0)))
    assert made["KIND"].to_list() == ["new"]


def test_a_target_that_merged_with_a_non_target_contributes_as_the_target():
    rows = [lesion("T01", "TARGET", (20.0, 20.0, None)),
            lesion("NT1", "NON-TARGET", (None, None, None), states=("PRESENT", "PRESENT", None))]  # fmt: skip
    made = seen(*rows, lesion("T01/NT1", "TARGET", (None, None, 30.0)))
    assert made.select("LESIONID", "KIND", "LOWEST").rows() == [("T01", "target", 20.0)]


def test_names_with_signs_alone_are_no_families():
    made = seen(lesion("T01.1", "TARGET", (20.0, 20.0, 30.0)), lesion("T01.2", "TARGET", (20.0, 20.0, 20.0)))
    assert made["LESIONID"].to_list() == ["T01.1"]


def test_a_new_lesion_that_turned_out_to_be_one_contributes_where_it_was_equivocal():
    two = pl.DataFrame({"USUBJID": ["1"], "ADT": [DAYS[1]]})
    sure = lesion("N1", "NEW", (None, None, None), states=(None, "EQUIVOCAL", "UNEQUIVOCAL"))
    never = lesion("N2", "NEW", (None, None, None), states=(None, "EQUIVOCAL", "EQUIVOCAL"))
    assert contributing_lesions(pl.concat([sure, never]), two)["LESIONID"].to_list() == ["N1"]


def test_a_node_contributes_only_from_ten_millimetres():
    small = lesion("T01", "TARGET", (9.0, 4.0, 9.9), loc="LYMPH NODE", nodal=True)
    large = lesion("T02", "TARGET", (15.0, 4.0, 10.0), loc="LYMPH NODE", nodal=True)
    assert seen(small, large)["LESIONID"].to_list() == ["T02"]


def test_the_sum_alone_lists_every_target_that_grew():
    made = seen(lesion("T01", "TARGET", (20.0, 20.0, 23.9)), lesion("T02", "TARGET", (20.0, 20.0, 23.9)))
    assert made["ALONE"].to_list() == [False, False]
    pattern = progression_patterns(PD, made)
    assert pattern.select("COMPONENT", "NLESIONS", "SITES_HIGH").row(0) == ("sum only", 2, 1)


def test_non_targets_and_new_lesions_count_when_unequivocal():
    worse = lesion("NT01", "NON-TARGET", (None,) * 3, states=("PRESENT", "PRESENT", "UNEQUIVOCAL"), loc="LIVER")
    same = lesion("NT02", "NON-TARGET", (None,) * 3, states=("PRESENT",) * 3)
    maybe = lesion("NEW01", "NEW", (None,) * 3, states=(None, None, "EQUIVOCAL"))
    sure = lesion("NEW02", "NEW", (None,) * 3, states=(None, None, "UNEQUIVOCAL"), loc="BRAIN")
    made = progression_patterns(PD, seen(worse, same, maybe, sure))
    row = made.row(0, named=True)
    assert (row["COMPONENT"], row["SITES"], row["LESIONS"]) == ("new+non-target", "brain, liver", "both")
    assert (row["PATTERN"], row["CNS_INVOLVED"], row["CNS_ONLY"]) == ("mixed", "Y", "N")


def rows(*places):
    return pl.DataFrame({"USUBJID": ["1"] * len(places), "LESIONID": [f"L{i}" for i in range(len(places))],
                         "KIND": ["target"] * len(places), "ALONE": [True] * len(places), "LOC": list(places)},
                        schema_overrides={"LOC": pl.String})  # fmt: skip


@pytest.mark.parametrize(
    ("places", "low", "high", "oligo"),
    [
        ([None], 1, 1, "oligo"),
        (["LUNG", None], 1, 2, "oligo"),
        (["LUNG", "LIVER", None], 2, 3, "not evaluable"),
        (["LUNG", "LIVER", "BONE", None], 3, 4, "multi"),
        ([None, None], 1, 2, "oligo"),
        ([None, None, None], 1, 3, "not evaluable"),
    ],
)
def test_a_lesion_without_a_location_leaves_the_number_of_sites_open(places, low, high, oligo):
    made = progression_patterns(PD, rows(*places)).row(0, named=True)
    assert (made["SITES_LOW"], made["SITES_HIGH"], made["OLIGO_SITES2"]) == (low, high, oligo)


def test_oligoprogression_by_lesions():
    five = progression_patterns(PD, rows(*["LUNG"] * 5)).row(0, named=True)
    assert (five["OLIGO_LESIONS5"], five["OLIGO_LESIONS3"], five["OLIGO_SITES2"]) == ("oligo", "multi", "oligo")


def test_groups_of_organs_by_either_policy():
    both = rows("LUNG", "LIVER")
    assert progression_patterns(PD, both)["PATTERN"].item() == "mixed"
    first = ResistancePolicy(groups="liver-first")
    assert progression_patterns(PD, both, policy=first)["PATTERN"].item() == "liver"
    assert progression_patterns(PD, rows("LUNG", "BONE"), policy=first)["PATTERN"].item() == "thoracic"
    assert progression_patterns(PD, rows("BONE"))["PATTERN"].item() == "extrathoracic only"
    assert progression_patterns(PD, rows("LUNG", None))["PATTERN"].item() == "not evaluable"
    assert progression_patterns(PD, rows("LIVER", None), policy=first)["PATTERN"].item() == "liver"


def test_nodes_are_one_site_or_three():
    nodes = rows("MEDIASTINAL LYMPH NODE", "INGUINAL LYMPH NODE", "RETROPERITONEAL LYMPH NODE")
    one = progression_patterns(PD, nodes).row(0, named=True)
    assert (one["SITES_HIGH"], one["NODES_ONLY"]) == (1, "Y")
    three = progression_patterns(PD, nodes, policy=ResistancePolicy(nodes="regions")).row(0, named=True)
    assert (three["SITES_HIGH"], three["OLIGO_SITES2"]) == (3, "multi")
    assert progression_patterns(PD, rows("LYMPH NODE", None))["NODES_ONLY"].item() is None
    assert progression_patterns(PD, rows("LYMPH NODE", "BONE"))["NODES_ONLY"].item() == "N"


def test_progression_without_a_lesion_is_clinical_and_a_finding():
    none = rows("LUNG").clear()
    made = progression_patterns(PD, none)
    assert made.select("COMPONENT", "OLIGO_SITES2").row(0) == ("clinical only", "not evaluable")
    assert site_findings(made, none)["RULE"].to_list() == ["progression-without-lesion"]


def test_unknown_sites_and_new_lesions_in_known_places_are_findings():
    all_ = pl.concat([lesion("T01", "TARGET", (20.0, 20.0, 20.0), loc="SOMEWHERE"),
                      lesion("NEW01", "NEW", (None, None, 8.0), loc="SOMEWHERE")])  # fmt: skip
    made = contributing_lesions(all_, PD)
    found = site_findings(progression_patterns(PD, made), made, all_)
    assert found["RULE"].to_list() == ["unknown-site", "new-lesion-in-known-place"]


def test_free_text_of_several_languages():
    words = ["Leber", "Foie", "Hígado", "left upper lobe, lung", "Knochen", "Peau", "lymfeklier"]
    assert shipped_organs().look_up(words)["SITE"].to_list() == ["liver"] * 3 + ["lung", "bone", "skin", "lymph node"]


def test_users_change_the_table_of_organs(tmp_path):
    own = tmp_path / "organs.toml"
    own.write_text('[[organ]]\nsite = "thymus"\nclass = "thoracic"\nterms = ["THYMUS"]\n')
    assert read_organs(own).look_up(["thymus"])["SITE"].item() == "thymus"
    assert shipped_organs().look_up(["thymus"])["SITE"].item() == "mediastinum"


def test_plain_tables_of_sites():
    table = pl.DataFrame({"USUBJID": ["1"], "WHERE": ["lung / Leber and bone"], "BRAIN": ["Y"], "SKIN": ["0"]})
    assert sites_of_table(table, sites="WHERE")["LOC"].to_list() == ["lung", "Leber", "bone"]
    flags = sites_of_table(table, flags=["BRAIN", "SKIN"])
    made = progression_patterns(PD, flags).row(0, named=True)
    assert (made["SITES"], made["NLESIONS"], made["OLIGO_LESIONS3"]) == ("brain", None, "not evaluable")
    with pytest.raises(UsageError, match="no column SITES"):
        sites_of_table(table, sites="SITES")


PEOPLE = pl.DataFrame({"USUBJID": ["1", "2", "3"], "TRTSDT": [0, 0, 0], "TRTEDT": [200, 90, 300], "DTHDT": [None, 400, None],
                       "LASTDT": [500, 400, 300]})  # fmt: skip


def test_death_first_is_a_competing_event_and_never_resistance():
    facts = pl.DataFrame({"USUBJID": ["1", "2", "3"], "BOR": ["PR", "CR", "PR"], "PROGDT": [180, None, None],
                          "PROGDY": [180, None, None]})  # fmt: skip
    made = time_to_resistance(facts, PEOPLE)
    assert made["CAUSE"].to_list() == [1, 2, 0]
    assert [round(m * 30.4375) for m in made["MONTHS"]] == [180, 400, 300]


def test_survival_runs_from_the_progression_and_never_from_the_start():
    patterns = pl.DataFrame({"USUBJID": ["1", "2"], "PROGDT": [100, 150], "PATTERN": ["liver", "lung"]})
    made = survival_after(patterns, PEOPLE, group="PATTERN")
    assert [(round(m * 30.4375), e) for m, e in made.select("MONTHS", "EVENT").iter_rows()] == [
        (400, False),
        (250, True),
    ]
    with pytest.raises(UsageError, match="immortal time"):
        survival_after(patterns, PEOPLE, group="PATTERN", time_zero="start of treatment")


def test_next_therapy_by_class():
    patterns = pl.DataFrame({"USUBJID": ["1", "2", "3"], "PROGDT": [100, 100, 100]})
    therapy = pl.DataFrame({"USUBJID": ["2", "2", "3", "1"], "ADT": [120, 300, 150, 40],
                            "TRT": ["docetaxel", "pembrolizumab", "Nivolumab", "carboplatin"]})  # fmt: skip
    local = pl.DataFrame({"USUBJID": ["2"], "ADT": [110], "TRT": ["stereotactic radiotherapy"]})
    made = next_therapy(patterns, PEOPLE, pl.concat([therapy, local]), studied="checkpoint inhibitor")
    assert made["NEXT"].to_list() == [
        "continued study drug",
        "chemotherapy",
        "checkpoint inhibitor, again or continued",
    ]
    assert made["BEYOND"].to_list() == ["Y", "N", "Y"]
    assert made["LOCAL"].to_list() == ["N", "Y", "N"]
    times = next_therapy_times(made, PEOPLE, pl.DataFrame({"USUBJID": ["3", "2"], "ADT": [210, 90]}))
    assert [(u, round(m * 30.4375), e) for u, m, e in times.select("USUBJID", "MONTHS", "EVENT").iter_rows()] == [
        ("1", 400, False),  # went on with the study drug: from the progression at day 100
        ("2", 280, True),
        ("3", 60, True),
    ]


@pytest.mark.parametrize(
    ("text", "site", "organ_class", "region"),
    [
        ("Thoracic spine", "bone", "extrathoracic", None),  # was chest, thoracic
        ("Hilar lung mass", "lung", "thoracic", None),  # was a lymph node
        ("Mediastinal pleura", "pleura", "thoracic", None),
        ("Long bone", "bone", "extrathoracic", None),  # LONG is Dutch for lung
        ("Pericardial lymph node", "lymph node", None, None),
        ("Renal hilar node", "lymph node", None, None),  # was thoracic
        ("LYMPH NODES: left axilla", "lymph node", "extrathoracic", "peripheral"),
        ("pelvic LNs", "lymph node", "extrathoracic", "abdominal"),
        ("Soft tissue, chest wall", "chest wall", "thoracic", None),
        ("Colon, hepatic flexure", "bowel", "extrathoracic", None),
        ("Prostate", "prostate", "extrathoracic", None),
    ],
)
def test_an_organ_goes_before_the_region_it_lies_in_and_a_node_before_both(text, site, organ_class, region):
    assert shipped_organs().look_up([text]).select("SITE", "CLASS", "REGION").row(0) == (site, organ_class, region)


def test_texts_without_a_place_are_no_site_and_sides_make_none():
    assert progression_patterns(PD, rows("Unknown", "LUNG"))["SITES_HIGH"].item() == 2
    assert progression_patterns(PD, rows("xyz, left", "Xyz  right"))["SITES_HIGH"].item() == 1
    table = pl.DataFrame({"USUBJID": ["1"], "WHERE": ["Lung, left; lymph node, axilla"]})
    assert progression_patterns(PD, sites_of_table(table, sites="WHERE"))["SITES"].item() == "lung, lymph node"


def test_a_text_of_several_sites_is_a_finding():
    found = site_findings(progression_patterns(PD, rows("Lung and liver")), rows("Lung and liver"))
    assert found.select("RULE", "MESSAGE").rows() == [
        ("several-sites", "'Lung and liver' names several sites (liver, lung); it counts as the first of these alone.")
    ]


def test_a_node_of_no_region_leaves_their_number_open():
    regions = ResistancePolicy(nodes="regions")
    made = progression_patterns(PD, rows("LUNG", "LYMPH NODE", "INGUINAL LYMPH NODE"), policy=regions)
    assert made.select("SITES_LOW", "SITES_HIGH", "OLIGO_SITES2").row(0) == (2, 3, "not evaluable")
    made = progression_patterns(PD, rows("LUNG", "LYMPH NODE"), policy=regions)
    assert made.select("SITES_LOW", "SITES_HIGH").row(0) == (2, 2)


def test_a_therapy_of_the_month_of_the_progression_comes_after_it_and_is_told():
    patterns = pl.DataFrame({"USUBJID": ["1"], "PROGDT": [dt.date(2024, 5, 10)]})
    people = pl.DataFrame({"USUBJID": ["1"], "TRTEDT": [dt.date(2024, 5, 1)], "LASTDT": [dt.date(2024, 8, 10)]})
    therapy = pl.DataFrame({"USUBJID": ["1", "1"], "ADT": ["2024-05", None], "TRT": ["docetaxel", "nivolumab"]})
    made = next_therapy(patterns, people, therapy)
    assert made.select("NEXT", "NEXTDT").row(0) == ("chemotherapy", "2024-05")
    later = pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 7, 11)]})
    times = next_therapy_times(made, people, later)  # from 10 May, not from 1 May
    assert round(times["MONTHS"].item() * 30.4375) == 62
    assert therapy_findings(patterns, therapy)["MESSAGE"].to_list() == [
        "The start of nivolumab is not known; it counts as no therapy after the progression.",
        "The start of docetaxel (2024-05) may lie before or after the progression of 2024-05-10; it counts as begun then.",
    ]
