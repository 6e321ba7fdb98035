"""Columns that codon12.toml asks for by name: in any case, and refused where no predicate can hold the name."""

import pytest

from codon12.analyses import assemble
from codon12.errors import ConfigError
from codon12.records import Study

TABLE = """format = "tables"
{asked}
[tables.ADSL]
file = "p.csv"
columns = {{ USUBJID = "Patient", TRTSDT = "Start" }}
"""


def evidence(folder, asked):
    rows = "".join(f"P{n},2021-01-0{n},{'hi' if n % 2 else 'lo'},{'up' if n < 3 else 'down'}\n" for n in range(1, 7))
    (folder / "p.csv").write_text("Patient,Start,PD-L1,Marker\n" + rows)
    (folder / "codon12.toml").write_text(TABLE.format(asked=asked))
    return assemble(Study.open(folder))


@pytest.mark.parametrize("name", ["Marker", "MARKER", "marker"])
def test_a_column_is_found_in_any_case(name, tmp_path):
    numbers = {r["id"]: r["n"] for r in evidence(tmp_path, f'baseline = ["{name}"]').numbers.iter_rows(named=True)}
    assert (numbers["baseline.marker.up.all"], numbers["baseline.marker.down.all"]) == (2, 4)


def test_a_name_that_is_none_says_how_to_give_one(tmp_path):
    with pytest.raises(ConfigError, match=r'baseline: .*\[tables.ADSL.columns\] PD_L1 = "PD-L1"'):
        evidence(tmp_path, 'baseline = ["PD-L1"]')
