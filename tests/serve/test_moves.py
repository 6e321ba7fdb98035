"""Moves one after the other: what a server keeps never changes a number."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from codon12.serve.changes import cut_free
from codon12.serve.holding import Holding
from codon12.serve.kept import Kept
from codon12.serve.settings import Settings

from ..report.studies import EXAMPLE, write_study  # noqa: TID252 - the tests are no package
from .client import Browser, short_plan

KEPT = ("baseline", "response", "os", "pfs")
MOVES = st.fixed_dictionaries(
    {},
    optional={
        "steps": st.sampled_from([("AGE >= 60",), ("AGE >= 60", "SEX = 'F'"), ("AGE < 65",)]),
        "confirmation": st.sampled_from(["yes", "no"]),
        "recist": st.sampled_from(["recist_1_1", "admiralonco"]),
        "censoring": st.sampled_from(["fda", "ema"]),
        "evaluator": st.sampled_from(["central", "investigator"]),
        "landmarks": st.sampled_from([(3.0,), (2.0, 4.0)]),
        "cut": st.just("AGE"),
        "at": st.sampled_from([58.0, 62.0]),
    },
)
ASKED = st.sampled_from([None, ("os",), ("response", "pfs"), ("baseline",), ("cut-response", "cut-survival")])


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return short_plan(write_study(tmp_path_factory.mktemp("study"), [f"S-{i:03d}" for i in range(12)]), KEPT)


def numbers(holding, fields, only):
    """Numbers without their place in the whole, which differs where only some are asked for."""
    found = holding.evidence(Settings(**fields), only).numbers.drop("order")
    return found.to_dicts()


def walked(study, moves):
    held = Holding(study, number=1)
    for fields, only in moves:
        last = numbers(held, fields, only)
    assert last == numbers(Holding(study, number=1), *moves[-1])


def test_after_some_moves_the_numbers_are_those_of_a_new_server(study):
    walked(study, [({}, None), ({"censoring": "ema", "steps": ("AGE >= 60",)}, ("os",)), ({"confirmation": "no"}, None),
                   ({"confirmation": "no"}, ("response", "pfs"))])  # fmt: skip


@pytest.mark.slow
@given(st.lists(st.tuples(MOVES, ASKED), min_size=2, max_size=5))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_after_any_moves_the_numbers_are_those_of_a_new_server(study, moves):
    walked(study, moves)


@pytest.mark.slow
def test_a_page_says_what_a_new_server_says_of_a_cut(study):
    query = urlencode([("cut", "AGE"), ("at", "62"), ("censoring", "ema"), *(("show", n) for n in KEPT)])

    def told(browser):
        tree = html.document_fromstring(browser.get(f"/s/1/cutoffs?{query}").text)
        return [[n.text_content() for n in tree.xpath(f"//{t}")] for t in ("td", "caption", "th", "figcaption")]

    moved = Browser(study).enter()
    for at in (58, 60):
        moved.get(f"/s/1/cutoffs?cut=AGE&at={at}&show=os&show=baseline")
    assert told(moved) == told(Browser(study).enter())
    assert any("≥62" in text for texts in told(moved) for text in texts)


@pytest.mark.slow
def test_a_cut_changes_no_analysis_that_is_called_free():
    if not (EXAMPLE / "dm.csv").is_file():
        pytest.skip("the example study has not been made (make demo)")
    holding = Holding(EXAMPLE, number=1)
    plan, cut = (holding.evidence(Settings(**f)) for f in ({}, {"cut": "AGE", "at": 62.0}))
    free = [a.name for a in plan.plan if cut_free(a)]
    assert len(free) > 15
    drop = [c for c in ("order",) if c in plan.numbers.columns]
    there = [e.numbers.filter(pl.col("analysis").is_in(free)).drop(drop) for e in (plan, cut)]
    assert there[0].equals(there[1])
    assert "baseline" not in free


def test_figures_come_after_the_numbers_and_are_the_reports(tmp_path):
    study = short_plan(write_study(tmp_path, [f"S-{i:03d}" for i in range(12)]), ("flow", "os"))
    config = study / "codon12.toml"
    config.write_text(config.read_text().replace('display = "table"', 'display = "both"'))
    browser = Browser(study).enter()
    page = browser.get("/s/1/cohort?show=os&step=AGE+%3E+50&other=AGE+%3E+60").text
    tree = html.document_fromstring(page)
    places = tree.xpath("//*[@class='later']/@data-src")
    assert len(places) == 2
    for place, prefix in zip(places, ("", "other-"), strict=True):
        svg = browser.get(place).text
        assert svg.startswith("<svg")
        assert f'aria-labelledby="caption-{prefix}os"' in svg
        assert tree.xpath(f"//*[@id='caption-{prefix}os']")
        assert set(re.findall(r'\bid="([^"]+?)-', svg)) <= {f"{prefix}os".split("-")[0]}
    plain = browser.get(places[0].replace("/drawn/", "/figure/").split("?")[0] + ".svg?step=AGE+%3E+50").text
    assert len(plain) == pytest.approx(len(browser.get(places[0]).text), rel=0.2)
    again = html.document_fromstring(browser.get("/s/1/cohort?show=os&step=AGE+%3E+50&other=AGE+%3E+60&x=1").text)
    assert not again.xpath("//*[@class='later']")
    assert len(again.xpath("//figure//*[local-name()='svg']")) == 2


def test_what_is_kept_is_bounded_by_its_weight_too():
    kept: Kept[int] = Kept(10, most=100, weight=lambda v: v)
    for value in (40, 50, 30, 400):
        kept.get(value, lambda v=value: v)
    assert kept.values() == [400]
    kept.get(1, lambda: 1)
    assert kept.values() == [1]
    kept.get(2, lambda: 2)
    assert kept.values() == [1, 2]
