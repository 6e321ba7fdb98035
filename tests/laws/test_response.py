"""Laws of response that hold for every cohort, found by random ones."""

from __future__ import annotations

import datetime as dt

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from codon12.response import (
    RecistPolicy,
    assess_lesions,
    best_overall_response,
    both_criteria,
    disease_control,
    duration_of_response,
    objective_response,
    time_to_response,
)

pytestmark = pytest.mark.requirement("R-EVID-03")

START = dt.date(2024, 1, 1)
VALUES = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "ND")
ORDER = {"CR": 1, "PR": 2, "SD": 3, "NON-CR/NON-PD": 4, "PD": 5, "NE": 6, "ND": 7, "MISSING": 7}
quick = settings(max_examples=settings().max_examples // 2, deadline=None)

cohorts = st.lists(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(VALUES)), max_size=7, unique_by=lambda v: v[0]),
    min_size=1,
    max_size=6,
)
policies = st.builds(
    RecistPolicy,
    confirmation_min_days=st.sampled_from([0, 14, 28, 56]),
    max_ne=st.integers(0, 2),
    accept_sd=st.booleans(),
    sd_min_days=st.sampled_from([0, 35, 42]),
    missing_as_ne=st.booleans(),
    stop_at_first_pd=st.booleans(),
    cr_then_non_cr=st.sampled_from(["as-collected", "pd"]),
    nd=st.sampled_from(["report", "missing", "report-if-confirmed"]),
)
DERIVATIONS = st.sampled_from(
    [best_overall_response, objective_response, disease_control, time_to_response, duration_of_response]
)


def frames(cohort, *, reorder=None) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = [(f"S{i}", START + dt.timedelta(days=7 * w), v) for i, visits in enumerate(cohort) for w, v in visits]
    subjects = [(f"S{i}", START) for i in range(len(cohort))]
    if reorder is not None:
        reorder.shuffle(rows)
        reorder.shuffle(subjects)
    seen = pl.DataFrame(rows, schema={"USUBJID": pl.String, "ADT": pl.Date, "AVALC": pl.String}, orient="row")
    return seen, pl.DataFrame(subjects, schema={"USUBJID": pl.String, "ADT": pl.Date}, orient="row")


@quick
@given(cohorts, policies, st.booleans(), DERIVATIONS, st.randoms(use_true_random=False))
def test_row_and_subject_order_never_matter(cohort, policy, confirmed, derive, reorder):
    plain = derive(*frames(cohort), policy=policy, confirmed=confirmed)
    assert_frame_equal(plain, derive(*frames(cohort, reorder=reorder), policy=policy, confirmed=confirmed))


@quick
@given(cohorts, policies, st.booleans(), DERIVATIONS)
def test_adding_a_subject_never_changes_another(cohort, policy, confirmed, derive):
    fewer = derive(*frames(cohort[:-1]), policy=policy, confirmed=confirmed)
    more = derive(*frames(cohort), policy=policy, confirmed=confirmed)
    assert_frame_equal(fewer, more.filter(pl.col("USUBJID") != f"S{len(cohort) - 1}"))


@quick
@given(cohorts, policies)
def test_confirmed_response_implies_response(cohort, policy):
    seen, start = frames(cohort)
    sure = objective_response(seen, start, policy=policy, confirmed=True)
    any_ = objective_response(seen, start, policy=policy, confirmed=False)
    both = sure.join(any_, on="USUBJID").filter(pl.col("AVALC") == "Y")
    assert (both["AVALC_right"] == "Y").all()
    assert (both["ADT_right"] <= both["ADT"]).all()


@quick
@given(cohorts, policies, st.booleans())
def test_response_and_control_agree_with_best_response(cohort, policy, confirmed):
    seen, start = frames(cohort)
    best = best_overall_response(seen, start, policy=policy, confirmed=confirmed)
    rsp = objective_response(seen, start, policy=policy, confirmed=confirmed)
    dcr = disease_control(seen, start, policy=policy, confirmed=confirmed)
    assert ((rsp["AVALC"] == "Y") == best["AVALC"].is_in(["CR", "PR"])).all()
    assert ((dcr["AVALC"] == "Y") == best["AVALC"].is_in(list(policy.benefit_values))).all()
    assert len(best) == len(cohort)
    assert best["AVALC"].is_in([*ORDER]).all()  # responders and the others add up to N


@quick
@given(cohorts, policies, st.booleans(), st.data())
def test_best_response_ignores_what_comes_after_progression(cohort, policy, confirmed, data):
    policy = msgspec.structs.replace(policy, stop_at_first_pd=True)
    cut = []
    for visits in cohort:
        ordered = sorted(visits)
        first = next((i for i, (_, v) in enumerate(ordered) if v == "PD"), None)
        later = ordered[first + 1 :] if first is not None else []
        gone = data.draw(st.sets(st.sampled_from(later))) if later else set()
        cut.append([v for v in visits if v not in gone])
    derive = lambda c: best_overall_response(*frames(c), policy=policy, confirmed=confirmed)  # noqa: E731
    assert_frame_equal(derive(cohort), derive(cut))


@quick
@given(cohorts, policies)
def test_weaker_confirmation_never_lowers_the_response_rate(cohort, policy):
    """A shorter gap, no upper limit, more NE, or one SD in between: never fewer confirmed responses."""
    policy = msgspec.structs.replace(policy, accept_sd=False, confirmation_max_days=84)
    weaker = msgspec.structs.replace(
        policy,
        confirmation_min_days=policy.confirmation_min_days // 2,
        confirmation_max_days=None,
        max_ne=policy.max_ne + 1,
        accept_sd=True,
    )
    seen, start = frames(cohort)
    strict = objective_response(seen, start, policy=policy, confirmed=True)["AVAL"]
    assert (objective_response(seen, start, policy=weaker, confirmed=True)["AVAL"] >= strict).all()
    unconfirmed = objective_response(seen, start, policy=policy, confirmed=False)["AVAL"]
    assert (unconfirmed >= strict).all()


@quick
@given(cohorts, policies)
def test_best_response_without_confirmation_is_never_worse(cohort, policy):
    policy = msgspec.structs.replace(policy, nd="missing")
    seen, start = frames(cohort)
    a, b = (best_overall_response(seen, start, policy=policy, confirmed=c)["AVALC"].to_list() for c in (False, True))
    assert all(ORDER[x] <= ORDER[y] for x, y in zip(a, b, strict=True))


lesion_cohorts = st.lists(
    st.lists(
        st.tuples(
            st.lists(st.one_of(st.none(), st.integers(0, 400)), min_size=3, max_size=3),
            st.sampled_from(["PRESENT", "ABSENT", "PD", "NE", None]),
            st.sampled_from([None, None, "EQUIVOCAL", "UNEQUIVOCAL"]),
        ),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=4,
)


def lesion_rows(cohort, *, reorder=None) -> pl.DataFrame:
    rows = []
    for i, visits in enumerate(cohort):
        for v, (sizes, other, new) in enumerate(visits):
            when = (f"S{i}", v + 1, START + dt.timedelta(days=42 * v))
            rows += [
                (*when, f"T{k}", "TARGET", k == 0, None if s is None else s / 10, None) for k, s in enumerate(sizes)
            ]
            rows += [(*when, "NT1", "NON-TARGET", False, None, other)] if other else []
            rows += [(*when, "N1", "NEW", False, None, new)] if new else []
    rows = [(*r, n) for n, r in enumerate(rows, start=1)]
    if reorder is not None:
        reorder.shuffle(rows)
    names = ["USUBJID", "VISITNUM", "ADT", "LESIONID", "GROUP", "NODAL", "AVAL", "AVALC", "SRCROW"]
    types = [pl.String, pl.Int64, pl.Date, pl.String, pl.String, pl.Boolean, pl.Float64, pl.String, pl.Int64]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


lesion_policies = st.builds(
    RecistPolicy,
    partial_sum_pd=st.booleans(),
    sticky_pr=st.booleans(),
    reappearance_after_cr=st.sampled_from(["any-lesion", "target-lesion", "sum-rule"]),
    equivocal_confirmed=st.sampled_from(["date-back", "at-confirmation"]),
    missing_non_target=st.sampled_from(["check", "ne"]),
)


@quick
@given(lesion_cohorts, lesion_policies, st.randoms(use_true_random=False))
def test_order_of_lesion_rows_never_matters(cohort, policy, reorder):
    shuffled = assess_lesions(lesion_rows(cohort, reorder=reorder), policy=policy)
    assert_frame_equal(assess_lesions(lesion_rows(cohort), policy=policy), shuffled)


@quick
@given(lesion_cohorts, lesion_policies)
def test_lesions_of_one_subject_never_change_another(cohort, policy):
    both = assess_lesions(lesion_rows(cohort), policy=policy)
    one = assess_lesions(lesion_rows(cohort[:-1]), policy=policy)
    names = [c for c in one.columns if not c.endswith("SRCROW")]
    assert_frame_equal(one.select(names), both.filter(pl.col("USUBJID") != f"S{len(cohort) - 1}").select(names))


@quick
@given(lesion_cohorts, st.integers(2, 9))
def test_sizes_in_another_unit_give_the_same_response(cohort, factor):
    """The relative thresholds know no unit once the absolute ones are scaled alike."""
    rows = lesion_rows(cohort)
    larger = rows.with_columns(pl.col("AVAL") * factor)
    scaled = RecistPolicy(progression_mm=5.0 * factor, node_normal_mm=10.0 * factor)
    assert_frame_equal(
        assess_lesions(rows).select("USUBJID", "AVALC"),
        assess_lesions(larger, policy=scaled).select("USUBJID", "AVALC"),
    )


@quick
@given(lesion_cohorts, lesion_policies)
def test_immune_progression_starts_where_recist_progresses(cohort, policy):
    points = assess_lesions(
        lesion_rows(cohort), policy=msgspec.structs.replace(policy, reappearance_after_cr="sum-rule")
    )
    both = both_criteria(points, policy=RecistPolicy(reappearance_after_cr="sum-rule"))
    first = both.filter(pl.col("RECIST") == "PD").unique("USUBJID", keep="first", maintain_order=True)
    assert (first["IRECIST"] == "iUPD").all()
    calm = both.filter(~pl.col("USUBJID").is_in(first["USUBJID"].implode()))
    assert calm["UPDDT"].null_count() == calm.height
