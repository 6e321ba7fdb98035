"""What a covariate is called in codon12.toml, and the column that it becomes."""

import pytest

from codon12.errors import ConfigError
from codon12.records import read_config


def test_a_name_in_small_letters_is_the_same_covariate(tmp_path):
    (tmp_path / "codon12.toml").write_text('[covariates.stage]\nexpression = "SEX"\nlabels = ["b", "a"]\n')
    assert read_config(tmp_path).covariates["STAGE"].labels == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[covariates."Body mass"]\nexpression = "SEX"\n', "letters, digits and _"),
        ('[covariates.2ND]\nexpression = "SEX"\n', "letters, digits and _"),
        ('[covariates.a]\nexpression = "SEX"\n[covariates.A]\nexpression = "SEX"\n', "twice"),
    ],
)
def test_a_name_that_is_no_column_is_refused(tmp_path, text, said):
    (tmp_path / "codon12.toml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_config(tmp_path)
