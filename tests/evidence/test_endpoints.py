"""A time to event is an entry: known ones are shown by themselves, a study's own come from its configuration."""

import polars as pl
import pytest

from codon12.analyses import assemble, study_figures
from codon12.derive import Context
from codon12.errors import ConfigError
from codon12.records import Study, StudyConfig
from codon12.records.config.endpoints import ENDPOINTS, Endpoint
from codon12.report import write_report

HEAD = """
format = "tables"
[tables.ADSL]
file = "patients.csv"
columns = { USUBJID = "PATIENT" }
[tables.ADTTE]
file = "patients.csv"
columns = { USUBJID = "PATIENT" }
unit = "months"
times.DFS = { time = "DFS", status = "BACK", event = ["1"], censored = ["0"] }
times.OS = { time = "OS", status = "DEAD", event = ["1"], censored = ["0"] }
times.CNSFS = { time = "DFS", status = "BACK", event = ["1"], censored = ["0"] }
"""
FRAME = pl.DataFrame(
    {"PATIENT": list("ABCD"), "DFS": [2, 4, 6, 8], "BACK": [1, 1, 1, 0], "OS": [3, 5, 9, 9], "DEAD": [1, 0, 1, 0]}
)


@pytest.fixture
def study(tmp_path):
    def build(config: str = ""):
        FRAME.write_csv(tmp_path / "patients.csv")
        (tmp_path / "codon12.toml").write_text(HEAD + config)
        return assemble(Study.open(tmp_path))

    return build


def test_a_known_endpoint_has_table_curve_and_card_without_being_asked_for(study, tmp_path):
    got = study()
    # 2, 4, 6, 8+: half are without an event from 4 to 6, and the median is their midpoint, as in R
    assert got.numbers.filter(id="dfs.median.all")["value"].item() == 5
    assert [f.title for f in study_figures(got)] == ["Disease-free survival", "Overall survival"]
    page = write_report(got, tmp_path / "out", formats=("csv",)).read_text(encoding="utf-8")
    assert "Median disease-free survival" in page
    assert "cnsfs" not in {a.name for a in got.plan}, "nobody has described it"


def test_an_endpoint_of_the_study_is_an_entry_of_its_configuration(study):
    got = study(
        '[endpoints.CNSFS]\ntitle = "CNS-free survival"\naxis = "Free of CNS metastases"\ncensored = "No CNS event"\n'
    )
    (figure,) = [f for f in study_figures(got) if f.analysis == "cnsfs"]
    assert "Free of CNS metastases (%)" in str(figure.spec)
    assert "Censored: No CNS event" in got.numbers.filter(analysis="cnsfs")["label"].to_list()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('[endpoints.CNSFS]\ntitel = "X"\n', r"endpoints.CNSFS.*titel.*title"),
        ('[endpoints.cnsfs]\ntitle = "X"\n', r"\[endpoints.cnsfs\].*capitals"),
    ],
)
def test_a_wrong_entry_is_refused(study, config, words):
    with pytest.raises(ConfigError, match=words):
        study(config)


def test_every_known_endpoint_reads_within_a_sentence():
    assert all(e.inside[:1].islower() for e in ENDPOINTS.values())
    assert Endpoint(title="CNS progression").inside == "CNS progression"


def readers(*found: str | None, evaluators=("CENTRAL", "INVESTIGATOR")) -> Context:
    rows = {"USUBJID": [str(i) for i in range(len(found))], "PARAMCD": ["PFS"] * len(found), "EVAL": list(found)}
    frames = {"adtte": pl.DataFrame(rows, schema_overrides={"EVAL": pl.String})}
    return Context(config=StudyConfig(), frames=frames, evaluators=evaluators, arms=())


@pytest.mark.parametrize(
    ("found", "wanted", "reader"),
    [
        (("CENTRAL", "INVESTIGATOR"), "primary", "CENTRAL"),
        (("CENTRAL", "INVESTIGATOR"), "investigator", "INVESTIGATOR"),
        (("INVESTIGATOR",), "primary", "INVESTIGATOR"),  # the primary reader has no times
        (("INVESTIGATOR",), "none", None),
        ((None,), "primary", "CENTRAL"),  # times as given, whoever read
    ],
)
def test_whose_times_count(found, wanted, reader):
    assert readers(*found).reader("PFS", wanted) == reader


@pytest.mark.parametrize(("found", "wanted"), [(("CENTRAL", "INVESTIGATOR"), "none"), (("INVESTIGATOR",), "central")])
def test_times_of_several_readers_are_never_put_together(found, wanted):
    with pytest.raises(ConfigError, match=r"PFS has times by .*investigator"):
        readers(*found).reader("PFS", wanted)


def test_no_reader_decides_a_death():
    assert readers("CENTRAL").reader("OS", "primary") is None


OWN = '[analyses.cns]\nkind = "time-to-event"\ntitle = "CNS"\nsection = "survival"\nendpoint = "CNSFS"\n'


def read_by(tmp_path, *who: str):
    """A study whose times to event name their readers."""
    rows = [
        {"USUBJID": s, "PARAMCD": "CNSFS", "AVAL": 30.0 * i, "CNSR": int(s == "D"), "EVAL": w}
        for w in who
        for i, s in enumerate("ABCD", start=1)
    ]
    pl.DataFrame(rows).write_csv(tmp_path / "adtte.csv")
    pl.DataFrame({"USUBJID": list("ABCD")}).write_csv(tmp_path / "adsl.csv")
    text = 'format = "adam"\n[endpoints.CNSFS]\ntitle = "CNS-free survival"\nassessed = true\n'

    def ask(own: str = ""):
        (tmp_path / "codon12.toml").write_text(text + own)
        return assemble(Study.open(tmp_path)).numbers

    return ask


@pytest.mark.parametrize("who", [("INVESTIGATOR",), ("CENTRAL", "INVESTIGATOR")])
def test_an_analysis_of_ones_own_shows_the_reader_it_names(tmp_path, who):
    got = read_by(tmp_path, *who)(OWN + 'evaluator = "investigator"\n').filter(analysis="cns")
    assert got.filter(statistic="median")["evaluator"].to_list() == ["investigator"]


def test_the_second_reader_stands_beside_the_first_by_itself(tmp_path):
    assert read_by(tmp_path, "INVESTIGATOR")().filter(analysis="cnsfs-investigator").is_empty()
    both = read_by(tmp_path, "CENTRAL", "INVESTIGATOR")()
    assert set(both.filter(analysis="cnsfs")["evaluator"]) == {"central"}
    assert set(both.filter(analysis="cnsfs-investigator")["evaluator"]) == {"investigator"}
