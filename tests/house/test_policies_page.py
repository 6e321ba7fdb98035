"""docs/policies.md says what the policies say, and every field says something."""

import importlib.util
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def policies():
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("policies_page", DOCS / "policies.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(DOCS))
    return module


def test_the_page_is_up_to_date(policies):
    assert policies.PAGE.read_text(encoding="utf-8") == policies.page(), "run: python docs/policies.py"


def test_every_field_has_a_sentence(policies):
    rooms = policies.reference.ROOMS
    silent = [
        (name, field)
        for room in rooms
        for name, cls in policies.policies(room).items()
        for field, (_, said) in policies.fields(cls).items()
        if not said
    ]
    assert not silent
