"""Survival from the progression: who is in no curve is counted, and a level without an event says so."""

from codon12.analyses import assemble
from codon12.records import Study

CONFIG = """format = "tables"
[tables.ADSL]
file = "people.csv"
[resistance]
definition = "response-then-progression"
[resistance.subjects]
table = "ADSL"
first_dose = "START"
last_dose = "STOP"
best_response = "BEST"
progression = "PROG"
death = "DIED"
last_contact = "CONTACT"
"""


def numbers(folder, rows):
    header = "USUBJID,START,STOP,BEST,PROG,DIED,CONTACT\n"
    lines = [f"{i},2022-01-01,2022-06-01,{row}\n" for i, row in enumerate(rows, 1)]
    (folder / "people.csv").write_text(header + "".join(lines))
    (folder / "codon12.toml").write_text(CONFIG)
    return assemble(Study.open(folder)).numbers.filter(analysis="after-progression")


def test_who_was_not_seen_after_the_progression_is_counted(tmp_path):
    rows = ["PR,2022-05-01,,2022-09-01", "CR,2022-05-01,2022-08-01,2022-08-01", "PR,2022-05-01,,2022-03-01"]
    found = numbers(tmp_path, rows)
    told = {r["endpoint"]: (r["n"], r["N"], len(r["subjects"])) for r in found.filter(statistic="n").to_dicts()}
    assert told["resistance.share"] == (3, 3, 3)
    assert told["resistance.os_after.left_out"] == (1, 3, 1)
    assert found.filter(endpoint="resistance.os_after", statistic="median").select("n", "N").row(0) == (1, 2)
