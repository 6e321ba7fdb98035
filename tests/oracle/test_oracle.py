"""codon12 against the naive program, patient by patient, and laws that hold for every patient of a study."""

from __future__ import annotations

from random import Random

import pytest
from compare import disagreements, of_codon12
from made_up import study, write


@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_both_programs_say_the_same_of_every_patient(seed, tmp_path):
    assert disagreements(write(study(seed, 45), tmp_path / "study")) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24))
def test_both_programs_say_the_same_of_thousands(seed, tmp_path):
    assert disagreements(write(study(f"many {seed}", 200), tmp_path / "study")) == []


@pytest.mark.parametrize("seed", ["order"])
def test_the_order_of_rows_and_files_changes_no_patient(seed, tmp_path):
    tables = study(seed, 40)
    numbered = {
        name: [row | ({f"{name.upper()}SEQ": i} if name != "dm" else {}) for i, row in enumerate(rows, 1)]
        for name, rows in tables.items()
    }
    random = Random(seed)
    names = random.sample(list(numbered), len(numbered))
    mixed = {name: random.sample(numbered[name], len(numbered[name])) for name in names}
    before = of_codon12(write(numbered, tmp_path / "before"))
    assert of_codon12(write(mixed, tmp_path / "after")) == before


@pytest.mark.parametrize("seed", ["stranger"])
def test_strangers_change_no_patient(seed, tmp_path):
    few, many = study(seed, 25), study(seed, 45)
    before = of_codon12(write(few, tmp_path / "few"))
    after = of_codon12(write(many, tmp_path / "many"))
    assert {subject: after[subject] for subject in before} == before


def test_a_disagreement_is_seen(tmp_path, monkeypatch):
    """The comparison can fail: with another threshold in the naive program the two differ."""
    monkeypatch.setattr("naive.response.WORSE", ("ND", "PD", "CR", "PR", "SD", "NON-CR/NON-PD", "NE"))
    monkeypatch.setattr("naive.lesions.NOT_MEASURED", ())
    assert disagreements(write(study("one", 30), tmp_path / "study"))
