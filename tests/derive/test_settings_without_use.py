"""What codon12.toml asks for and the records do not let decide is named; what they let decide is done."""

import pytest

from codon12.analyses import assemble
from codon12.records import Study

ADSL = "USUBJID,TRTSDT,TRTEDT,SAFFL\n1,2024-01-01,2024-05-01,Y\n2,2024-01-01,2024-05-01,Y\n"
BOTH = "USUBJID,PARAMCD,AVALC\n1,BOR,PR\n1,CBOR,SD\n2,BOR,PD\n2,CBOR,PD\n"


def study(folder, adrs, config):
    folder.mkdir(exist_ok=True)
    for name, text in (("adsl.csv", ADSL), ("adrs.csv", adrs), ("codon12.toml", config)):
        (folder / name).write_text(text)
    return assemble(Study.open(folder))


@pytest.mark.parametrize(("asked", "n"), [("", 0), ("true", 0), ("false", 1)])
def test_of_best_responses_given_both_ways_the_one_asked_for_counts(tmp_path, asked, n):
    found = study(tmp_path, BOTH, f"[response]\nconfirmation = {asked}\n" if asked else "")
    assert found["orr.investigator.all"].n == n
    assert not found.frames["findings"].filter(RULE="setting-without-use").height


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ('evaluator = "central"', [("evaluator", "warning")]),
        ("[response]\nconfirmation = true", [("[response] confirmation", "warning")]),
        ("[response]\nconfirmation = false", []),
        ("[response]\nresponse_percent = 25", [("[response]", "note")]),
        ("", []),
    ],
)
def test_a_key_that_decides_nothing_is_named(tmp_path, config, told):
    found = study(tmp_path, BOTH.replace("1,CBOR,SD\n", "").replace("2,CBOR,PD\n", ""), config)
    rows = found.frames["findings"].filter(RULE="setting-without-use").select("VARIABLE", "SEVERITY").rows()
    assert rows == told
