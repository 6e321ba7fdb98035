"""A study read by iRECIST: who responds after an unconfirmed progression responds."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from codon12.analyses import evidence_of, planned
from codon12.derive import derive, read_by_irecist
from codon12.errors import UsageError
from codon12.records import Study

from ..report.studies import write_study  # noqa: TID252 - the tests are no package


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return Study.open(write_study(tmp_path_factory.mktemp("study"), [f"S-{i}" for i in range(6)]))


def with_points(derived, subject, values):
    """The derived study with other target responses and sums of a subject, visit by visit."""
    evaluator = derived.context.evaluators[0]
    own = (pl.col("USUBJID") == subject) & (pl.col("EVAL") == evaluator)
    frames = dict(derived.context.frames)
    adrs = frames["adrs"].with_columns(pl.col("PARAMCD", "AVALC").cast(pl.String))
    test = own & pl.col("PARAMCD").is_in(["TRGRESP", "OVRLRESP"])
    first = adrs.filter(test).filter(pl.col("ADT") == pl.col("ADT").min())
    visits = [first.with_columns(pl.lit(v).alias("AVALC"), pl.col("ADT") + pl.duration(days=56 * i))
              for i, v in enumerate(values)]  # fmt: skip
    adrs = pl.concat([adrs.filter(~test), *visits])
    adrs = adrs.filter(~(own & pl.col("PARAMCD").is_in(["NTRGRESP", "NEWLRESP"])))
    frames["adrs"] = adrs
    context = dataclasses.replace(derived.context, frames=frames)
    return dataclasses.replace(derived, frames=frames, context=context), evaluator


def best(derived, subject, evaluator):
    rows = derived.frames["adrs"].filter(USUBJID=subject, EVAL=evaluator, PARAMCD=derived.context.best_response[0])
    return rows["AVALC"].to_list()


def test_a_response_after_an_unconfirmed_progression_counts(study):
    changed, who = with_points(derive(study), "S-2", ["PD", "PR"])
    assert best(read_by_irecist(changed), "S-2", who) == ["PR"]
    adsl = read_by_irecist(changed).frames["adsl"]
    assert adsl.filter(USUBJID="S-2")[f"RESPFL_{who}"].to_list() == ["Y"]


def test_progression_alone_stays_progression(study):
    changed, who = with_points(derive(study), "S-2", ["PD"] * 2)
    assert best(read_by_irecist(changed), "S-2", who) in (["PD"], ["SD"])
    assert "S-2" not in read_by_irecist(changed).frames["adtr"].filter(RESPONDERFL="Y", EVAL=who)["USUBJID"].to_list()


def test_the_numbers_of_response_follow_and_times_do_not(study):
    plain = derive(study)
    read = read_by_irecist(plain)
    assert read.frames["adtte"].equals(plain.frames["adtte"])
    assert plain.frames["adrs"].height == derive(study).frames["adrs"].height
    plan = [a for a in planned(read) if a.name in ("response", "best-change")]
    found = evidence_of(study, read, plan=plan)
    number = found.numbers.filter(endpoint="orr", statistic="rate").row(0, named=True)
    counted = read.frames["adrs"].filter(PARAMCD="BOR", EVAL=read.context.evaluators[0])
    inside = set(found.trace("orr.central.all").subjects) if "orr.central.all" in found.numbers["id"] else None
    hits = set(counted.filter(pl.col("AVALC").cast(pl.String).is_in(["CR", "PR"]))["USUBJID"])
    assert inside is None or inside <= hits
    assert number["n"] <= len(hits)
    assert "iRECIST" in number["method"]
    assert any("iRECIST" in text for _, text in found.methods) or any("iRECIST" in n for n in read.notes)


def test_a_study_without_lesions_cannot_be_read_so(study):
    derived = derive(study)
    context = dataclasses.replace(
        derived.context, frames={k: f for k, f in derived.frames.items() if k not in ("adtr", "lesions")}
    )
    with pytest.raises(UsageError, match="iRECIST"):
        read_by_irecist(dataclasses.replace(derived, context=context))
