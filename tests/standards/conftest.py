"""A small study with all that is hard to hand on: long names, letters beyond ASCII, partial dates, qualifiers."""

import datetime as dt
import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("small_study", Path(__file__).parents[1] / "evidence" / "small_study.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
_schema = importlib.util.spec_from_file_location("json_schema", Path(__file__).with_name("json_schema.py"))
_json_schema = importlib.util.module_from_spec(_schema)
_schema.loader.exec_module(_json_schema)

CONFIG = """\
title = "A small study <of> Größe"
[covariates.HISTOLOGICAL_TYPE]
table = "SUPPDM"
where = "QNAM = 'HISTO'"
value = "QVAL"
pick = "only"
label = "Histological type as the pathologist of the site has it"
labels = ["SQUAMOUS", "ADENO"]
[[subgroups]]
variable = "HISTOLOGICAL_TYPE"
"""
CREATED = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - a file's header has no zone


def write_hard_study(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    _module.write_study(folder)
    _module.table(
        folder,
        "suppdm",
        "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL,QORIG",
        *(f"T,DM,S{i},,,HISTO,Histology,{'ADENO' if i % 2 else 'SQUAMOUS'},CRF" for i in range(1, 6)),
    )
    _module.table(
        folder,
        "cm",
        "STUDYID,DOMAIN,USUBJID,CMSEQ,CMTRT,CMDECOD,CMDOSE,CMSTDTC",
        "T,CM,S1,1,Paracétamol,PARACETAMOL,0.1,2019-12",
        "T,CM,S2,1,Aspirin,ASPIRIN,12.345678901234567,2019",
        f"T,CM,S3,1,{'x' * 250},OTHER,,2020-01-05",
    )
    (folder / "codon12.toml").write_text(CONFIG, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def created():
    return CREATED


@pytest.fixture(scope="session")
def hard_study(tmp_path_factory):
    from codon12.records import Study

    return Study.open(write_hard_study(tmp_path_factory.mktemp("hard")))


@pytest.fixture(scope="session")
def hard_evidence(hard_study):
    from codon12.analyses import assemble

    return assemble(hard_study)


@pytest.fixture(scope="session")
def exported(hard_study, hard_evidence, tmp_path_factory):
    """Function that gives the export of the small study in a format, made once."""
    from codon12.standards import export_study

    made = {}

    def of(form):
        if form not in made:
            out = tmp_path_factory.mktemp("out") / form
            made[form] = export_study(hard_study, hard_evidence, out, format=form, created=CREATED)
        return made[form]

    return of


@pytest.fixture(scope="session")
def standards_data():
    place = Path(__file__).resolve().parents[3] / "shared" / "data" / "standards"
    if not place.is_dir():
        pytest.skip("the schemas beside the checkout are missing")
    return place


@pytest.fixture(scope="session")
def problems():
    """Function that says what of a value breaks a JSON schema."""
    return _json_schema.problems
