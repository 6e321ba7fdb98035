"""The evidence as a script and a notebook take it: numbers by id, sentences, tables, figures."""

import ast
import json
from pathlib import Path

import pytest

import codon12
from codon12.analyses.number import Number
from codon12.numbers import Rounding

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def evidence(shipped_evidence):
    return shipped_evidence


def test_a_number_by_its_id(evidence):
    orr = evidence["orr.central.all"]
    assert (orr.n, orr.N, orr.text) == (46, 124, "37.1 (28.6–46.2)")
    assert float(orr) == orr.value == pytest.approx(100 * 46 / 124)
    assert orr.lower < orr.value < orr.upper
    assert len(orr.subjects) == 46


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "orr.central.all",
            "Tumour response, by central review, objective response: 46 of 124, 37.1% (95% CI, 28.6 to 46.2).",
        ),
        (
            "pfs.median.central.all",
            "Progression-free survival, by central review, median: 6.8 months (95% CI, 5.1 to 8.2; 83 events in 124).",
        ),
        (
            "dor.q75.central.all",
            "Duration of response, by central review, 75th percentile: not reached (20 events in 46).",
        ),
        ("baseline.age.median.all", "Baseline characteristics, Age, years, median: 63.5."),
        ("ae.related.diarrhoea.grade3.all", "Treatment-related adverse events by term, Grade 3, Diarrhoea: 5 of 126 (4.0%)."),
        ("os.rate_12mo.all", "Overall survival, at 12 months: 52.5% (95% CI, 43.4 to 60.9)."),
    ],
)  # fmt: skip
def test_a_number_as_a_sentence(evidence, name, sentence):
    said = evidence.sentence(name)
    assert said.startswith(sentence)
    assert said.removeprefix(sentence).startswith(" Population: ")


def test_events_of_a_curve_are_never_said_to_be_who_is_left():
    # 12 of 15 progressed, and at 3 months 80 % of them had not: Kaplan-Meier
    row = {"id": "pfs.rate_3mo.b", "kind": "rate", "statistic": "rate_3mo", "label": "at 3 months", "n": 12, "N": 15,
           "value": 80.0, "lower": 50.0, "upper": 93.1, "conf_level": 0.95}  # fmt: skip
    assert Number(row, "PFS", "", Rounding()).sentence == "PFS, at 3 months: 80.0% (95% CI, 50.0 to 93.1)."
    one = row | {
        "kind": "time",
        "statistic": "median",
        "label": "median",
        "value": 5.1,
        "unit": "months",
        "n": 1,
        "N": 1,
    }
    one |= {"lower": None, "upper": None}
    assert Number(one, "PFS", "", Rounding()).sentence == "PFS, median: 5.1 months (1 event in 1)."
    p = {"id": "p", "kind": "p", "label": "P value (log-rank)", "value": None}
    assert Number(p, "PFS", "", Rounding()).sentence == "PFS, P value (log-rank): not estimable."


def test_every_number_has_a_sentence_and_its_text_in_it(evidence):
    for name in evidence.numbers["id"]:
        number = evidence[name]
        said = str(number)
        assert said
        assert "None" not in said
        if number.value is not None and number.row["kind"] not in ("text", "range"):
            figures = number.text.removeprefix("<").partition(" ")[0].partition("/")[0]
            assert figures in said


def test_what_is_not_there_names_the_nearest(evidence):
    with pytest.raises(codon12.UsageError, match=r"Did you mean orr\.central\.all"):
        evidence["orr.central.al"]
    with pytest.raises(codon12.UsageError, match=r"no table 'respons'. Did you mean response"):
        evidence.table("respons")
    with pytest.raises(codon12.UsageError, match=r"no figure 'waterfal'. Did you mean waterfall"):
        evidence.figure("waterfal")


def test_short_and_shown(evidence, tmp_path):
    assert repr(evidence).startswith("<Evidence of Sotorasib")
    assert len(repr(evidence)) < 200
    assert "<details>" in evidence._repr_html_()
    table = evidence.table("response")
    assert repr(table).startswith("<table response: Tumour response, ")
    assert table._repr_html_().startswith('<table class="numbers')
    figure = evidence.figure("pfs")
    assert figure._repr_mimebundle_()["image/svg+xml"].startswith("<svg")
    assert figure.save(tmp_path / "pfs.png").read_bytes()[:4] == b"\x89PNG"
    assert "37.1%" in evidence["orr.central.all"]._repr_html_()


def test_hostile_titles_are_text():
    row = {"id": "<b>", "kind": "count", "n": 1, "N": 2, "label": "<script>"}
    from codon12.analyses import Number

    assert "<script>" not in Number(row, title="<img>")._repr_html_()
    assert "<img>" not in Number(row, title="<img>")._repr_html_()


def test_the_notebook_runs(monkeypatch):
    monkeypatch.chdir(EXAMPLES)
    cells = json.loads((EXAMPLES / "first_look.ipynb").read_text("utf-8"))["cells"]
    names = {}
    shown = []
    for cell in (c for c in cells if c["cell_type"] == "code"):
        assert cell["outputs"] == []
        *body, last = ast.parse("".join(cell["source"])).body
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
        else:
            exec(compile(ast.Module([last], []), "cell", "exec"), names)
    assert shown[0] is names["evidence"]
    assert names["behind"].subjects == names["evidence"]["bor.cr.central.all"].subjects


def test_a_figure_of_an_analysis_alone_is_coloured_as_in_the_whole_plan(small_study):
    from codon12.analyses import evidence_of, planned, study_figures
    from codon12.derive import derive
    from codon12.records import Study

    study = Study.open(small_study)
    derived = derive(study)
    plan = planned(derived)
    alone = tuple(a for a in plan if a.name == "best-change")
    drawn = [
        {f.name: f.spec for f in study_figures(evidence_of(study, derived, plan=own)) if f.analysis == "best-change"}
        for own in (plan, alone)
    ]
    assert set(drawn[0]) == {"waterfall", "spider"}
    assert drawn[0] == drawn[1]
