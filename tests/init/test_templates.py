"""Templates: generated studies whose report is written from their own configuration."""

import pytest

from codon12.derive.study import derive
from codon12.errors import UsageError
from codon12.init.templates import TEMPLATES, write_template
from codon12.records import Study


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_a_study_without_errors(tmp_path, name):
    files = write_template(name, tmp_path / "study")
    assert "codon12.toml" in files
    study = Study.open(tmp_path / "study")
    study.require_no_errors()
    assert "not patient data" in study.config.notice
    adtte = derive(study).frames["adtte"]
    assert adtte.filter(PARAMCD="OS", CNSR=0).height > 5
    assert write_template(name, tmp_path / "study") == files


def test_a_changed_configuration_is_not_written_over(tmp_path):
    write_template("registry", tmp_path)
    (tmp_path / "codon12.toml").write_text("title = 'mine'")
    with pytest.raises(UsageError, match="did not write"):
        write_template("phase2", tmp_path)
    assert (tmp_path / "codon12.toml").read_text() == "title = 'mine'"
