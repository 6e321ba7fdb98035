"""Public names: each has a sentence and one meaning, and docs/reference.md lists them all."""

import importlib.util
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def test_the_list_of_public_names_is_up_to_date():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run: python docs/reference.py"


@pytest.mark.parametrize("room", reference.ROOMS)
def test_every_public_name_says_what_it_is(room):
    silent = [name for name, value in reference.public(room).items() if not reference.sentence(name, value)]
    assert not silent, f"no sentence below or in {silent}"


def test_no_name_has_two_meanings():
    meant = defaultdict(dict)
    for room in reference.ROOMS:
        for name, value in reference.public(room).items():
            meant[name][id(value)] = room
    # a chart is called as what it draws
    twice = {n: sorted(r.values()) for n, r in meant.items() if len(r) > 1 and "figures" not in r.values()}
    assert not twice


def test_former_names_are_found_where_they_were():
    from codon12 import survival

    for former, name in survival._FORMER.items():
        assert getattr(survival, former) is getattr(survival, name)
        assert former not in survival.__all__
