"""Policies are read from the configuration once and travel with the context."""

import re
from pathlib import Path

import pytest

import codon12
from codon12.derive.policies import policies_of
from codon12.errors import ConfigError
from codon12.records import StudyConfig

SOURCE = Path(codon12.__file__).parent


def test_each_section_is_a_policy():
    got = policies_of(
        StudyConfig(survival={"month": 30}, safety={"table_percent": 5}, response={"evaluator": "central"})
    )
    assert (got.survival.month, got.safety.table_percent) == (30, 5)
    assert got.response.evaluator == "CENTRAL"


def test_the_primary_reader_is_one_whose_assessments_are_read():
    config = StudyConfig(evaluator="central", response={"evaluator": "INVESTIGATOR"})
    with pytest.raises(ConfigError, match=r"evaluator = 'central'.*INVESTIGATOR alone"):
        policies_of(config)
    assert policies_of(StudyConfig(evaluator="central", response={"evaluator": "CENTRAL"})).response.evaluator


def test_nobody_reads_a_policy_from_the_configuration_again():
    readers = {
        p.relative_to(SOURCE).as_posix()
        for room in ("analyses", "derive", "report")
        for p in (SOURCE / room).rglob("*.py")
        if re.search(r"config\.(?:response|survival|safety)\b", p.read_text(encoding="utf-8"))
    }
    assert readers == {"derive/policies.py"}
