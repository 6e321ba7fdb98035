"""`codon12 trace` says of a number what the report says, and nothing where the report says nothing."""

import pytest

from codon12.cli import main
from codon12.evidence.schema import NumberBook

ADSL = "STUDYID,USUBJID,TRT01A,TRTSDT,SAFFL,SEX\n" + "".join(
    f"S,{i},A,2024-01-01,Y,{'FM'[i % 3 > 0]}\n" for i in range(7)
)
HEAD = "STUDYID,USUBJID,PARAMCD,AVAL,AVALU,CNSR\n"


@pytest.fixture
def study(tmp_path):
    (tmp_path / "adsl.csv").write_text(ADSL)
    (tmp_path / "adtte.csv").write_text(HEAD + "".join(f"S,{i},OS,{100 * i + 50},DAYS,0\n" for i in range(7)))
    (tmp_path / "codon12.toml").write_text("[rounding]\npercent_digits = 3\n")
    return tmp_path


def ends(*arguments):
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    return caught.value.code


def test_a_number_has_the_digits_of_the_report(study, capsys):
    assert ends("trace", str(study), "baseline.sex.female.all") == 0
    assert "Female: 3 (42.857) no. (%)" in capsys.readouterr().out  # 3 of 7


def test_no_number_comes_from_data_with_errors(study, capsys):
    with (study / "adtte.csv").open("a") as file:
        file.write("S,1,PFS,999999,DAYS,0\n")  # 2738 years
    assert ends("trace", str(study), "os.median.all") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("codon12: 1 error in the data leaves no right answer")


def test_a_page_can_list_ids_with_blanks_between():
    book = NumberBook()
    book.add("a", "effect.drug x", statistic="n", main=True, label="l", kind="count", frame="adsl", where="1 = 1")
    assert book.frame()["id"].to_list() == ["effect.drug_x.all"]
