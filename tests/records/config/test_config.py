import pytest

from codon12.errors import ConfigError
from codon12.records import StudyConfig, read_config
from codon12.records.config import sources_of


def config(tmp_path, text) -> StudyConfig:
    (tmp_path / "codon12.toml").write_text(text, encoding="utf-8")
    return read_config(tmp_path)


def test_no_file_is_all_defaults(tmp_path):
    assert read_config(tmp_path) == StudyConfig()


def test_a_file_with_a_mark_is_read(tmp_path):
    (tmp_path / "codon12.toml").write_bytes(b'\xef\xbb\xbftitle = "T"\n')
    assert read_config(tmp_path).title == "T"


def test_several_sources_of_one_table(tmp_path):
    cfg = config(tmp_path, '[[tables.ADSL]]\nfile = "a.csv"\n[[tables.ADSL]]\nfile = "b.csv"\n')
    assert [s.file for s in sources_of(cfg, "adsl")] == ["a.csv", "b.csv"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = ", "not valid TOML"),
        ("titel = 'x'", "titel"),
        ("[rounding]\npercent_digitz = 1", "rounding"),
        ("[tables.TR]\nfil = 'x'", "tables.TR"),
        ("[tables.TR]\nfile = 3", "tables.TR.file"),
        ("[[tables.ADSL]]\nfil = 'x'", "tables.ADSL"),
        ("[covariates.ecog]\ntabel = 'QS'", "covariates.ecog"),
        ("[covariates.ecog]\nlabel = 'ECOG'", "covariates.ecog: give either 'table' or 'expression'"),
        ("[covariates.ecog]\ntable = 'QS'\nexpression = 'AGE'", "give either"),
        ("[covariates.ecog]\ntable = 'QS'", "covariates.ecog: 'value'"),
        ("[covariates.'PD-L1']\nexpression = 'AGE'", "covariates.PD-L1: letters, digits and _ make the name"),
        ("[covariates.select]\nexpression = 'AGE'", "covariates.select: letters, digits and _ make the name"),
        ("[covariates.a]\nexpression = 'AGE'\ncuts = [50, 1]", "covariates.a.cuts: must ascend"),
        ("[covariates.a]\nexpression = 'AGE'\ncuts = [1, 50]\nlabels = ['x', 'y']", "2 cuts make 3 categories, got 2 labels"),
        ("[covariates.a]\nexpression = 'AGE'\nlabels = ['x', 'x']", "labels: must differ"),
        ("[tables.ADSL.times.OS]\ntime = 'OS'\nstatus = 'S'\nunit = 'days'", "times.OS: 'status' and 'event' go together"),
        ("[tables.ADSL.times.OS]\ntime = 'OS'", "times.OS.unit"),
        ("[tables.ADSL.times.OS]\ntime='OS'\nstatus='S'\nevent=['1']\ncensored=['1']\nunit='days'", "cannot mean both"),
        ("[tables.ADSL]\ncolumns = {A = 'x'}\nconstants = {A = 'y'}", "tables.ADSL: A is given twice"),
        ("[tables.tr]\nfile = 'a'\n[tables.TR]\nfile = 'b'", "given twice in different case"),
        ("data_cutoff = '2020-13-01'", "data_cutoff"),
        ("format = 'excel'", "format"),
    ],
)  # fmt: skip
def test_messages_name_the_file_and_the_key(tmp_path, text, says):
    with pytest.raises(ConfigError) as err:
        config(tmp_path, text)
    assert "codon12.toml" in str(err.value)
    assert says in str(err.value)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "codon12.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('titel = "x"', "title"),
        ("[tables.ADSL]\ncolums = {}", "columns"),
        ('[tables.ADSL.times.OS]\ntime = "T"\nstatsu = "S"', "status"),
    ],
)
def test_a_misspelt_key_names_the_nearest(tmp_path, text, meant):
    (tmp_path / "codon12.toml").write_text(text)
    with pytest.raises(ConfigError, match=f"Did you mean '{meant}'"):
        read_config(tmp_path)
