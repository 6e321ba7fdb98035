"""The small study, written afresh for tests that change it."""

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("small_study", Path(__file__).with_name("small_study.py"))
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)


@pytest.fixture(scope="module")
def write_study():
    """Function that writes the small study into a folder."""
    return _module.write_study


@pytest.fixture
def small_study(tmp_path, write_study):
    return write_study(tmp_path)
