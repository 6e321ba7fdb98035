"""Who has no baseline assessment is censored on day 1 where the rules say so (FDA 2018, appendix A, table A)."""

import pytest

from codon12.analyses import assemble
from codon12.derive import derive
from codon12.records import Study

DM = "USUBJID,ARM,DTHDTC,DTHFL,RFSTDTC\n1,A,,,2024-01-10\n2,A,,,2024-01-10\n3,A,2024-05-01,Y,2024-01-10\n"
EX = "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n" + "".join(f"{n},A,1,2024-01-10,2024-03-10\n" for n in (1, 2, 3))
TR = """USUBJID,TRGRPID,TRLNKID,TRTESTCD,TRSTRESC,TRSTRESN,TRSTRESU,TRSTAT,TREVAL,TRDTC
1,TARGET,T01,LDIAM,20,20,mm,,INVESTIGATOR,2024-01-05
1,NEW,NEW01,TUMSTATE,UNEQUIVOCAL,,,,INVESTIGATOR,2024-03-01
2,TARGET,T01,LDIAM,,,,NOT DONE,INVESTIGATOR,2024-01-05
2,NEW,NEW01,TUMSTATE,UNEQUIVOCAL,,,,INVESTIGATOR,2024-03-01
3,NON-TARGET,NT01,TUMSTATE,PRESENT,,,,INVESTIGATOR,2024-01-05
"""
RS = "USUBJID,RSTESTCD,RSSTRESC,RSEVAL,RSDTC\n2,OVRLRESP,PD,INVESTIGATOR,2024-03-01\n"


def made(folder, config='[survival]\nno_baseline = "start"\n', **tables):
    for name, text in {"dm": DM, "ex": EX, **tables}.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "codon12.toml").write_text(config)
    return Study.open(folder)


def times(study):
    rows = derive(study).frames["adtte"].filter(PARAMCD="PFS").sort("USUBJID")
    return rows.select("USUBJID", "AVAL", "CNSR").rows()


@pytest.mark.parametrize("config", ['[survival]\npreset = "fda"\n', '[survival]\nno_baseline = "start"\n'])
def test_the_subject_without_a_baseline_is_censored_on_day_1(tmp_path, config):
    assert times(made(tmp_path, config, tr=TR)) == [("1", 52.0, 0), ("2", 1.0, 4), ("3", 113.0, 0)]


def test_by_default_a_missing_baseline_does_not_matter(tmp_path):
    assert times(made(tmp_path, "", tr=TR)) == [("1", 52.0, 0), ("2", 52.0, 0), ("3", 113.0, 0)]


def test_who_was_never_scanned_has_no_baseline(tmp_path):
    rest = "".join(line for line in TR.splitlines(keepends=True) if not line.startswith("3"))
    assert times(made(tmp_path, tr=rest))[2] == ("3", 1.0, 4)


def test_responses_as_collected_alone_had_a_baseline(tmp_path):
    rest = "".join(line for line in TR.splitlines(keepends=True) if not line.startswith("2"))
    assert times(made(tmp_path, tr=rest, rs=RS))[1] == ("2", 52.0, 0)


def test_without_any_lesion_the_rule_is_named_as_without_use(tmp_path):
    frames = derive(made(tmp_path, rs=RS)).frames
    told = frames["findings"].filter(RULE="setting-without-use").select("VARIABLE", "SEVERITY").rows()
    assert told == [("[survival] no_baseline", "warning")]
    assert times(made(tmp_path, rs=RS))[1] == ("2", 52.0, 0)


def test_a_choice_that_no_number_rests_on_is_named_and_not_printed(tmp_path):
    found = assemble(made(tmp_path, "[response]\nbenefit_min_days = 168\n", tr=TR))
    told = found.frames["findings"].filter(RULE="setting-without-use").select("VARIABLE", "SEVERITY").rows()
    assert told == [("[response] benefit_min_days", "note")]
    assert not any("168" in text or "shrinkage" in text for _, text in found.methods)
