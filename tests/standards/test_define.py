"""Define-XML: every reference has its definition; read again it says the same; what contradicts the data is found."""

import datetime as dt
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from codon12.errors import InputError
from codon12.standards import Dataset, define_findings, read_define, write_define
from codon12.standards.metadata import Column

pytestmark = pytest.mark.requirement("R-STAN-04")

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"


@pytest.fixture(scope="module", params=["sdtm", "adam"])
def root(request, exported):
    return ET.parse(exported("xpt").folder / request.param / "define.xml").getroot()


def oids(root, tag, key="OID"):
    found = [e.get(key) for e in root.iter(tag)]
    assert len(set(found)) == len(found), f"{tag} is defined twice"
    return set(found)


def test_every_reference_has_its_definition(root):
    items, methods = oids(root, f"{ODM}ItemDef"), oids(root, f"{ODM}MethodDef")
    lists, values = oids(root, f"{ODM}CodeList"), oids(root, f"{DEF}ValueListDef")
    clauses, standards = oids(root, f"{DEF}WhereClauseDef"), oids(root, f"{DEF}Standard")
    used = {e.get("ItemOID") for e in root.iter(f"{ODM}ItemRef")}
    assert used == items
    assert {e.get("MethodOID") for e in root.iter(f"{ODM}ItemRef")} - {None} == methods
    assert {e.get("CodeListOID") for e in root.iter(f"{ODM}CodeListRef")} == lists
    assert {e.get("ValueListOID") for e in root.iter(f"{DEF}ValueListRef")} == values
    assert {e.get("WhereClauseOID") for e in root.iter(f"{DEF}WhereClauseRef")} == clauses
    assert {e.get(f"{DEF}ItemOID") for e in root.iter(f"{ODM}RangeCheck")} <= items
    for e in [*root.iter(f"{ODM}ItemGroupDef"), *root.iter(f"{ODM}CodeList")]:
        assert e.get(f"{DEF}StandardOID") in {None, *standards}
    leaves = oids(root, f"{DEF}leaf", "ID")
    assert {e.get(f"{DEF}ArchiveLocationID") for e in root.iter(f"{ODM}ItemGroupDef")} == leaves


def test_the_order_of_parts_is_that_of_the_standard(root):
    version = next(root.iter(f"{ODM}MetaDataVersion"))
    order = ["Standards", "ValueListDef", "WhereClauseDef", "ItemGroupDef", "ItemDef", "CodeList", "MethodDef"]
    seen = [order.index(e.tag.rpartition("}")[2]) for e in version]
    assert seen == sorted(seen)


def test_every_variable_says_type_length_origin_and_label(root):
    for item in root.iter(f"{ODM}ItemDef"):
        kind = item.get("DataType")
        assert kind in {"text", "integer", "float", "date", "partialDate", "datetime", "incompleteDatetime"}
        assert (item.get("Length") is not None) == (kind in {"text", "integer", "float"}), item.attrib
        assert (item.get("SignificantDigits") is not None) == (kind == "float")
        assert item.find(f"{ODM}Description/{ODM}TranslatedText").text
        origin = item.find(f"{DEF}Origin")
        assert origin.get("Type") in {"Collected", "Derived", "Assigned", "Predecessor"}
        assert (origin.get("Type") == "Predecessor") == (origin.find(f"{ODM}Description") is not None)


def test_value_level_of_adam_and_the_policy_behind_it(exported):
    root = ET.parse(exported("xpt").folder / "adam" / "define.xml").getroot()
    checks = [e.text for e in root.iter(f"{ODM}CheckValue")]
    assert {"PFS", "PFSI", "OS", "CBOR", "SDIAM", "TDOSE"} <= set(checks)
    policy = next(e for e in root.iter(f"{ODM}MethodDef") if e.get("OID") == "MT.ADTTE.POLICY")
    assert "censor" in "".join(policy.itertext()).lower()


def test_text_of_the_study_is_inert(exported):
    text = (exported("xpt").folder / "adam" / "define.xml").read_text(encoding="utf-8")
    assert "A small study &lt;of&gt; Größe" in text


def small(**columns):
    frame = pl.DataFrame(columns)
    return Dataset("ADX", "L", frame, tuple(Column(name=c, label=f"Label {c}") for c in columns), keys=("USUBJID",))


def written(data, tmp_path):
    path = tmp_path / "define.xml"
    write_define([data], path, study="S", title="T", files={"ADX": "adx.xpt"}, created=dt.datetime(2026, 1, 1))  # noqa: DTZ001
    return path


def test_control_characters_do_not_break_it(tmp_path):
    path = written(small(USUBJID=["1"], PARAMCD=["A\x00B"], PARAM=["<x>\x1b"], AVAL=[1.0]), tmp_path)
    assert read_define(path).datasets["ADX"].variables["AVAL"].label == "Label AVAL"


def test_a_define_that_contradicts_the_data_is_found(exported):
    define = read_define(exported("xpt").folder / "sdtm" / "define.xml")
    dm = pl.DataFrame(
        {
            "STUDYID": ["T", "T"], "DOMAIN": ["DM", "DM"], "USUBJID": ["S1", None], "SUBJID": ["1", "2"],
            "SEX": ["F", "X"], "AGE": ["60", "old"], "ARM": ["Drug", "A much longer name than the one declared"],
            "NEW": ["1", "2"],
        }
    )  # fmt: skip
    found = define_findings(define, {"DM": dm, "ZZ": dm})
    told = set(found.filter(TABLE="DM").select("RULE", "VARIABLE", "ROW").rows())
    assert ("define-term", "SEX", 2) in told
    assert ("define-type", "AGE", 2) in told
    assert ("define-mandatory", "USUBJID", 2) in told
    assert ("define-length", "ARM", None) in told
    assert ("define-variable-unknown", "NEW", None) in told
    assert ("define-variable-missing", "RACE", None) in told
    assert not {t for t in told if t[2] == 1}
    assert found.filter(TABLE="ZZ")["RULE"].to_list() == ["define-table-unknown"]
    assert "AE" in found.filter(RULE="define-table-missing")["TABLE"].to_list()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no xml", "is no XML"),
        ("<a/>", "no MetaDataVersion"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "document type"),
    ],
)
def test_what_is_no_define_is_refused(tmp_path, text, words):
    path = tmp_path / "define.xml"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_define(path)
