import polars as pl
import pytest

from codon12.errors import ConfigError
from codon12.records import population

ADSL = pl.DataFrame(
    {
        "USUBJID": ["1", "2", "3"],
        "SAFFL": ["Y", None, "Y"],
        "AGE": [70.0, 66.0, None],
        "KRAS G12C": ["Y", "N", None],
    }
)


@pytest.mark.parametrize(
    ("predicate", "subjects"),
    [
        ("SAFFL = 'Y'", ["1", "3"]),
        ("SAFFL = 'Y' AND AGE >= 65", ["1"]),
        ("SAFFL IS NULL OR AGE IS NULL", ["2", "3"]),
        ("NOT (SAFFL = 'Y')", []),
        ("\"KRAS G12C\" IN ('Y', 'N')", ["1", "2"]),
        ("AGE BETWEEN 60 AND 68", ["2"]),
        ("USUBJID IS NOT NULL", ["1", "2", "3"]),
        ("1 = 1", ["1", "2", "3"]),
        ("NULL", []),
        ("CASE WHEN AGE > 68 THEN TRUE ELSE FALSE END", ["1"]),
    ],
)
def test_a_predicate(predicate, subjects):
    assert population(ADSL, predicate)["USUBJID"].to_list() == subjects


@pytest.mark.parametrize(
    ("predicate", "says"),
    [
        ("SAFFL = ", "not an SQL expression"),
        ("SAFETY = 'Y'", "no column SAFETY.*there are USUBJID, SAFFL, AGE"),
        ("AGE", "not true or false"),
        ("AGE = 'old'", "cannot be evaluated"),
        ("", "needs an SQL expression"),
    ],
)
def test_messages_name_the_predicate_and_the_columns(predicate, says):
    with pytest.raises(ConfigError, match=says) as err:
        population(ADSL, predicate, name="safety")
    assert "populations.safety" in str(err.value)


def test_an_empty_frame():
    assert population(ADSL.clear(), "AGE > 1").height == 0
