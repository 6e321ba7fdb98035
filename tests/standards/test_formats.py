"""What is written is read by independent readers to the last digit, nulls and dates kept; what cannot be is told."""

import datetime as dt
import json
import math
import struct

import polars as pl
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import InputError
from codon12.standards import Dataset, write_dataset_json, write_xpt
from codon12.standards.metadata import Column

pytestmark = pytest.mark.requirement("R-STAN-02")

WHEN = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - a file's header has no zone


def dataset(frame, name="X", **said):
    kinds = {pl.Date: "date", pl.Float64: "float", pl.Int64: "integer"}
    columns = tuple(
        Column(name=c, label=said.get(c, f"Label of {c}"), type=kinds.get(k, "text"),
               length=9, format="DATE9." if k == pl.Date else None)
        for c, k in frame.schema.items()
    )  # fmt: skip
    return Dataset(name, "A data set", frame, columns, keys=(frame.columns[0],))


FRAME = pl.DataFrame(
    {
        "USUBJID": ["S-1", "S-2", "S-3"],
        "TEXT": ["µg/é", None, "NA"],
        "DTC": ["2014-02", None, "2014"],
        "AVAL": [0.1 + 0.2, None, -1 / 3],
        "N": [1, None, 2**53],
        "ADT": [dt.date(1959, 12, 31), None, dt.date(2024, 2, 29)],
    }
)


@pytest.mark.parametrize("version", [5, 8])
def test_xpt_by_pyreadstat(tmp_path, version):
    found = write_xpt(dataset(FRAME), tmp_path / "x.xpt", version=version, created=WHEN)
    back, meta = pyreadstat.read_xport(str(tmp_path / "x.xpt"), output_format="polars")
    assert back["AVAL"].to_list() == FRAME["AVAL"].to_list()
    assert back["N"].to_list() == FRAME["N"].to_list()
    assert back["ADT"].to_list() == FRAME["ADT"].to_list()
    assert back["TEXT"].to_list() == ["µg/é", "", "NA"]  # the format has no missing text
    assert back["DTC"].to_list() == ["2014-02", "", "2014"]
    assert meta.column_names_to_labels["AVAL"] == "Label of AVAL"
    assert meta.original_variable_types["ADT"] == "DATE9"
    assert (meta.table_name, meta.file_label) == ("X", "A data set")
    assert found.select("RULE", "VARIABLE").rows() == [("text-not-ascii", "TEXT")]


def ibm(eight):
    """A number of IBM's format by its definition: sign, 16**(exponent - 64), fraction of 56 bits."""
    bits = struct.unpack(">Q", eight)[0]
    value = (bits & (2**56 - 1)) / 2**56 * 16.0 ** ((bits >> 56 & 127) - 64)
    return -value if bits >> 63 else value


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-1e70, 1e70, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-70), min_size=1,
                max_size=5))  # fmt: skip
def test_numbers_by_the_definition_of_the_format(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("ibm") / "x.xpt"
    write_xpt(dataset(pl.DataFrame({"AVAL": numbers})), path, version=5, created=WHEN)
    data = path.read_bytes()
    at = data.index(b"HEADER RECORD*******OBS") + 80
    assert [ibm(data[at + 8 * i : at + 8 * i + 8]) for i in range(len(numbers))] == numbers


def test_the_same_data_and_date_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_xpt(dataset(FRAME), tmp_path / f"{name}.xpt", created=WHEN)
    assert (tmp_path / "a.xpt").read_bytes() == (tmp_path / "b.xpt").read_bytes()
    assert b"02JAN26:03:04:05" in (tmp_path / "a.xpt").read_bytes()


def test_what_version_5_cannot_hold_is_told(tmp_path):
    frame = pl.DataFrame({"A": ["é" * 150, "short ", None], "B": [1e80, math.inf, 1.0]})
    found = write_xpt(dataset(frame), tmp_path / "x.xpt", version=5, created=WHEN)
    back = pyreadstat.read_xport(str(tmp_path / "x.xpt"), output_format="polars")[0]
    assert back["A"].to_list() == ["é" * 100, "short", ""]
    assert back["B"].to_list() == [None, None, 1.0]
    told = found.sort("RULE", "ROW").select("RULE", "ROW").rows()
    assert told == [
        ("number-out-of-range", 1),
        ("number-out-of-range", 2),
        ("text-cut", 1),
        ("text-not-ascii", 1),
        ("text-trailing-blanks", 2),
    ]
    assert found.filter(RULE="text-cut")["VALUE"].to_list() == ["é" * 150]  # the finding keeps it whole
    whole = write_xpt(dataset(frame), tmp_path / "y.xpt", version=8, created=WHEN)
    assert "text-cut" not in whole["RULE"].to_list()


def test_a_nul_in_a_text_and_a_number_of_too_many_digits_are_told(tmp_path):
    frame = pl.DataFrame({"A": ["a\0b", "c\nd"], "N": [2**60 + 1, -3]})
    found = write_xpt(dataset(frame), tmp_path / "x.xpt", created=WHEN)
    back = pyreadstat.read_xport(str(tmp_path / "x.xpt"), output_format="polars")[0]
    assert back["A"].to_list() == ["ab", "c\nd"]  # the format itself would end the text at NUL
    assert back["N"].to_list() == [2.0**60, -3]
    assert found.select("RULE", "VARIABLE", "ROW").rows() == [("text-cut", "A", 1), ("number-out-of-range", "N", 1)]


def test_a_blank_last_record_is_told(tmp_path):
    found = write_xpt(dataset(pl.DataFrame({"A": ["x", None]})), tmp_path / "x.xpt", created=WHEN)
    assert found["RULE"].to_list() == ["record-blank"]


def test_a_failed_write_leaves_no_file(tmp_path):
    frame = pl.DataFrame({"TOO_LONG_A_NAME": [1.0]})
    with pytest.raises(InputError, match=r"X: cannot be written.*too long"):
        write_xpt(dataset(frame), tmp_path / "x.xpt", version=5, created=WHEN)
    assert not list(tmp_path.iterdir())


def test_an_empty_data_set_has_its_variables(tmp_path):
    write_xpt(dataset(FRAME.clear()), tmp_path / "x.xpt", created=WHEN)
    back, meta = pyreadstat.read_xport(str(tmp_path / "x.xpt"), output_format="polars")
    assert (back.height, meta.column_names) == (0, FRAME.columns)


@pytest.mark.parametrize("lines", [False, True])
def test_dataset_json_by_the_json_of_python(tmp_path, standards_data, problems, lines):
    path = tmp_path / "x.json"
    write_dataset_json(dataset(FRAME), path, lines=lines, created=WHEN, study="S")
    text = path.read_text(encoding="utf-8")
    if lines:
        head, *rows = map(json.loads, text.splitlines())
        whole = {**head, "rows": rows}
    else:
        whole = json.loads(text)
        rows = whole["rows"]
    schema = json.loads((standards_data / "dataset_json" / "dataset.schema.json").read_text())
    assert not problems(whole, schema, schema)
    assert rows[0] == ["S-1", "µg/é", "2014-02", 0.1 + 0.2, 1, "1959-12-31"]
    assert rows[1] == ["S-2", None, None, None, None, None]
    assert whole["records"] == 3
    adt = whole["columns"][-1]
    assert (adt["dataType"], adt["targetDataType"], adt["displayFormat"]) == ("date", "integer", "DATE9.")


def test_json_has_no_infinity(tmp_path):
    frame = pl.DataFrame({"A": [math.inf, 1.5]})
    found = write_dataset_json(dataset(frame), tmp_path / "x.json", created=WHEN, study="S")
    assert json.loads((tmp_path / "x.json").read_text())["rows"] == [[None], [1.5]]
    assert found.select("RULE", "ROW").rows() == [("number-out-of-range", 1)]


@pytest.mark.parametrize("name", ["ae", "dm", "ds", "ts"])
def test_examples_of_cdisc_read_and_written_again_are_the_same(tmp_path, standards_data, name):
    """Source: the example data sets of the Dataset-JSON repository, XPT beside JSON."""
    from codon12.records.readers import ReadOptions, read_table

    folder = standards_data / "dataset_json" / "examples"
    given = read_table(folder / f"{name}.json", ReadOptions(table=name.upper())).frame.drop("SRCROW")
    frame = given.with_columns(pl.col(pl.String).replace("", None))
    write_xpt(dataset(frame, name.upper()), tmp_path / f"{name}.xpt", version=8, created=WHEN)
    ours = pyreadstat.read_xport(str(tmp_path / f"{name}.xpt"), output_format="polars")[0]
    theirs = pyreadstat.read_xport(str(folder / f"{name}.xpt"), output_format="polars")[0]
    assert ours.columns == theirs.columns
    numbers = [c for c in ours.columns if ours.schema[c].is_numeric()]
    assert ours.select(numbers).cast(pl.Float64).equals(theirs.select(numbers).cast(pl.Float64))
    texts = [c for c in ours.columns if ours.schema[c] == theirs.schema[c] == pl.String]
    assert ours.select(texts).equals(theirs.select(pl.col(texts).str.strip_chars_end(" ")))
