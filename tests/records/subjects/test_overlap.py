"""Patients in more than one cohort."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.records import FINDING_SCHEMA, overlap


def cohort(*rows, columns=("USUBJID", "SEX", "AGE")):
    return pl.DataFrame(rows, schema=list(columns), orient="row")


def test_same_id_in_two_cohorts_is_one_patient():
    found = overlap({"A": cohort(("1", "F", 60), ("2", "M", 70)), "B": cohort(("2", "M", 70), ("3", "F", 50))})
    assert found.duplicates.rows() == [("A", "2", "B", "2", "id", None)]
    assert (found.entries, found.distinct, found.distinct_at_least) == (4, 3, 3)
    assert found.combinations.rows() == [("A", 1), ("B", 1), ("A + B", 1)]
    assert found.keep.rows() == [("A", "1"), ("A", "2"), ("B", "3")]
    assert found.findings.select("TABLE", "USUBJID", "RULE", "SEVERITY").rows() == [
        ("B", "2", "patient-in-two-cohorts", "warning")
    ]
    assert found.findings.schema == FINDING_SCHEMA


def test_fingerprint_finds_a_patient_under_another_id():
    found = overlap({"A": cohort(("1", "F", 60)), "B": cohort(("x", "F", 61))}, fingerprint=("SEX", ("AGE", 1)))
    assert found.duplicates.rows() == [("A", "1", "B", "x", "fingerprint", None)]
    assert (found.distinct, found.distinct_at_least) == (2, 1)
    assert found.findings["RULE"].to_list() == ["patient-fingerprint"]
    assert "patient of A, 1" in found.findings["MESSAGE"][0]


@pytest.mark.parametrize(("sex", "age"), [("M", 60), ("F", 61.5), (None, 60), ("F", None)])
def test_unlike_or_unknown_values_never_match(sex, age):
    a = cohort(("1", "F", 60.0))
    b = pl.DataFrame({"USUBJID": ["x"], "SEX": [sex], "AGE": [age]}, schema=a.schema)
    assert overlap({"A": a, "B": b}, fingerprint=("SEX", ("AGE", 1))).duplicates.is_empty()


def test_one_id_with_unlike_values_is_a_clash():
    found = overlap({"A": cohort(("1", "F", 60)), "B": cohort(("1", "M", 30))}, fingerprint=("SEX", ("AGE", 1)))
    assert found.duplicates.rows() == [("A", "1", "B", "1", "id", "SEX, AGE")]
    assert found.findings["RULE"].to_list() == ["id-clash"]
    assert "with another SEX, AGE" in found.findings["MESSAGE"][0]


def test_id_twice_in_one_cohort_is_an_error_with_its_row():
    frame = cohort(("1", "F", 60), ("1", "F", 60)).with_row_index("SRCROW", 1)
    found = overlap({"A": frame})
    assert found.findings.select("TABLE", "ROW", "RULE", "SEVERITY").rows() == [("A", 2, "subject-twice", "error")]
    assert found.distinct == 1


def test_variants_are_compared_as_sets_and_none_matches_nothing():
    columns = ("USUBJID", "VARIANTS")
    a = cohort(("1", ["KRAS p.G12C", "TP53 p.R175H"]), ("2", []), columns=columns)
    b = cohort(("x", ["TP53 p.R175H", "KRAS p.G12C", "KRAS p.G12C"]), ("y", []), columns=columns)
    assert overlap({"A": a, "B": b}, fingerprint=("VARIANTS",)).duplicates["SUBJECT_2"].to_list() == ["x"]


def test_decimals_that_binary_numbers_cannot_hold_are_within_their_tolerance():
    columns = ("USUBJID", "OS")
    for tolerance, other in ((0.1, 0.3), (0.1, 0.1), (1e-6, 0.2)):
        a, b = cohort(("1", 0.2), columns=columns), cohort(("x", other), columns=columns)
        assert overlap({"A": a, "B": b}, fingerprint=(("OS", tolerance),)).duplicates.height == 1


def test_text_numbers_and_dates_take_part():
    columns = ("USUBJID", "AGE", "START")
    day = pl.Series("START", ["2020-01-01"]).str.to_date()
    a = cohort(("1", "61", None), columns=columns).with_columns(day)
    b = cohort(("x", 62, None), columns=columns).with_columns(day)
    assert overlap({"A": a, "B": b}, fingerprint=(("AGE", 1), ("START", 3))).duplicates.height == 1


def test_rows_without_id_are_nobodys_duplicates():
    found = overlap({"A": pl.DataFrame({"USUBJID": [None, None]}, schema={"USUBJID": pl.String})})
    assert (found.duplicates.height, found.distinct, found.combinations.height) == (0, 2, 0)


def test_empty_cohorts():
    empty = cohort().cast({"USUBJID": pl.String, "SEX": pl.String, "AGE": pl.Int64})
    found = overlap({"A": empty, "B": empty}, fingerprint=("SEX", ("AGE", 1)))
    assert (found.entries, found.distinct, found.findings.height) == (0, 0, 0)
    assert found.pairs["BY_ID"].to_list() == [0, 0, 0]


@pytest.mark.parametrize(
    ("cohorts", "options", "message"),
    [
        ({}, {}, "at least one cohort"),
        ({"A": cohort()}, {"on": "PATIENT"}, "no column 'PATIENT'"),
        ({"A": cohort()}, {"fingerprint": (("AGE", -1),)}, "0 or more"),
        ({"A": cohort()}, {"fingerprint": ("WEIGHT",)}, "no cohort has a column 'WEIGHT'"),
    ],
)
def test_refusals_say_what_to_do(cohorts, options, message):
    with pytest.raises(UsageError, match=message):
        overlap(cohorts, **options)


people = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("FM"), st.integers(50, 56)), max_size=8)


@settings(deadline=None)
@given(people, people, st.integers(0, 3))
def test_pairs_are_those_of_every_row_with_every_row(first, second, tolerance):
    """Law: the joins find what comparing all pairs finds, and each pair once."""
    frames = {"A": cohort(*first), "B": cohort(*second)} if first and second else {"A": cohort(("a", "F", 50))}
    found = overlap(frames, fingerprint=("SEX", ("AGE", tolerance)))
    rows = [(name, *row) for name, frame in frames.items() for row in frame.rows()]
    expected = []
    for i, (cohort_1, id_1, sex_1, age_1) in enumerate(rows):
        for cohort_2, id_2, sex_2, age_2 in rows[i + 1 :]:
            alike = sex_1 == sex_2 and abs(age_1 - age_2) <= tolerance
            if id_1 == id_2 or alike:
                by = "both" if id_1 == id_2 and alike else "id" if id_1 == id_2 else "fingerprint"
                expected.append((cohort_1, id_1, cohort_2, id_2, by))
    assert found.duplicates.drop("DIFFERS").rows() == expected
    assert found.distinct == len({row[1] for row in rows})
    assert found.findings.height == len(expected)


def msk(shared_data):
    def read(path, **options):
        return pl.read_csv(shared_data / path, separator="\t", infer_schema=False, quote_char=None, **options)

    cohorts = {
        "Rizvi": ("rizvi_2018_nsclc_pd1/CLIN.txt", "rizvi_2018_nsclc_pd1/SNV.txt.gz", 0),
        "Samstein": ("samstein_2018_tmb/CLIN.txt", "samstein_2018_tmb/SNV.txt.gz", 0),
        "MIND": ("msk_mind_2022/data_clinical_patient.txt", "msk_mind_2022/data_mutations.txt", 4),
    }
    out = {}
    for name, (patients, mutations, skip) in cohorts.items():
        calls = read(mutations, truncate_ragged_lines=True).select(
            USUBJID=pl.col("Tumor_Sample_Barcode").str.slice(0, 9),
            VARIANTS=pl.concat_str("Hugo_Symbol", "HGVSp_Short", separator=" "),
        )
        listed = calls.drop_nulls().group_by("USUBJID").agg("VARIANTS")
        frame = read(patients, skip_rows=skip).rename({"PATIENT_ID": "USUBJID"})
        out[name] = frame.join(listed, on="USUBJID", how="left")
    return out


def test_the_three_msk_cohorts_overlap(shared_data):
    """Source: counts of the shared DATA.md, "Traps", 1."""
    found = overlap(msk(shared_data))
    shared = {(a, b): n for a, b, _, _, n, _, _ in found.pairs.rows()}
    assert shared["Rizvi", "Samstein"] == 211
    assert shared["Samstein", "MIND"] == 50
    assert shared["Rizvi", "MIND"] == 23
    assert dict(found.combinations.rows())["Rizvi + Samstein + MIND"] == 21
    assert found.distinct == found.keep.height == 1885
    assert found.sentence() == "2148 entries are 1885 distinct patients by id."


def test_sex_and_variants_find_most_of_the_shared_patients_without_their_ids(shared_data):
    """Panels grew between the studies, so some patients have further variants; three pairs meet by chance."""
    hidden = {
        name: frame.with_columns(USUBJID=pl.lit(name) + pl.int_range(pl.len()).cast(pl.String))
        for name, frame in msk(shared_data).items()
    }
    found = overlap(hidden, fingerprint=("SEX", "VARIANTS"))
    alike = {(a, b): n for a, b, _, _, _, n, _ in found.pairs.rows()}
    assert alike["Rizvi", "Samstein"] == 155
    assert alike["Rizvi", "MIND"] == 13
    assert alike["Samstein", "MIND"] == 26
    assert alike["Samstein", "Samstein"] == 3
