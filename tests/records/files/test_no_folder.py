"""A path that is no folder: what is said, and the next step."""

import pytest

from codon12.errors import InputError
from codon12.records.files.no_folder import must_be_folder


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("register.csv", "is a file; give the folder it lies in, or let `codon12 init"),
        ("stduy", r"does not exist; did you mean .*study\?"),
        ("elsewhere", "does not exist; give the folder that holds the study's tables"),
    ],
)
def test_the_next_step_is_named(tmp_path, name, says):
    (tmp_path / "study").mkdir()
    (tmp_path / "register.csv").write_text("ID\n1\n")
    must_be_folder(tmp_path / "study")
    with pytest.raises(InputError, match=says):
        must_be_folder(tmp_path / name)
