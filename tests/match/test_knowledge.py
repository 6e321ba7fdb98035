"""The shipped statements by their own cases; the loader by what it refuses; the check by what it finds."""

import tomllib
from datetime import date
from importlib.resources import files

import msgspec
import pytest

from codon12.errors import InputError
from codon12.match import joined, read_statements, shipped_statements
from codon12.match.check_knowledge import case_faults, check_knowledge
from codon12.match.knowledge import read_statement

from .mutants import statement_mutants

TODAY = date(2026, 11, 28)
SHIPPED = shipped_statements().statements
PLAIN = """
id = "x/y"
version = 1
effect = "supports"
therapy = ["sotorasib"]
jurisdiction = "US-FDA"
sentence = "A sentence."
when.all = [{ tumour_type = { is = "NSCLC" } }]
[valid]
from = 2021-05-28
[review]
next_due = 2027-05-01
[[evidence]]
kind = "label"
ref = "a label"
trust = "read"
[[cases]]
name = "yes"
as_of = 2022-01-01
given.tumour = { type = "NSCLC" }
expect = "applies"
[[cases]]
name = "no"
as_of = 2022-01-01
given.tumour = { type = "CRC" }
expect = "does not apply"
"""


def _folder(tmp_path, *texts):
    for i, text in enumerate(texts):
        (tmp_path / f"{i}.toml").write_text(text)
    return tmp_path


def test_all_that_ships_is_draft_and_without_fault():
    assert len(SHIPPED) == 23
    assert {s.review.state for s in SHIPPED} == {"draft"}
    assert min(len(s.cases) for s in SHIPPED) >= 2
    assert check_knowledge(shipped_statements(), today=TODAY) == []


@pytest.mark.parametrize("statement", SHIPPED, ids=lambda s: s.id)
def test_every_mutant_fails_a_case(statement):
    alive = []
    made = list(statement_mutants(statement))
    for what, mutant in made:
        # a mutant is caught by its cases, whatever else they say of it
        if not [f for f in case_faults(mutant) if f.rule == "case-fails"]:
            alive.append((what, msgspec.to_builtins(mutant.when)))
    assert len(made) >= 4
    assert alive == []


def test_files_are_named_after_their_statements():
    names = {f.name for f in (files("codon12.match") / "statements").iterdir()}
    assert names == {f"{s.id.replace('/', '--')}.toml" for s in SHIPPED}


def test_plain_folder_is_read_and_checked(tmp_path):
    held = read_statements(_folder(tmp_path, PLAIN))
    assert [s.id for s in held.statements] == ["x/y"]
    assert check_knowledge(held, today=TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("tumour_type", "tumor_kind", "tumor_kind"),
        ('"supports"', '"recommends"', "recommends"),
        ('is = "NSCLC" } }]', 'is = "NSCLC", was = 1 } }]', "was"),
        ('is = "NSCLC" } }]', 'is = "LNGCANC" } }]', "LNGCANC"),
        ("when.all = [", "whem.all = [", "whem"),
        ("{ tumour_type", '{ judgement = { text = "q" }, tumour_type', "exactly one key"),
        ('is = "NSCLC" } }]', 'is = "NSCLC" } }, { alteration = { question = "??", is = "present" } }]', "when.all[1]"),
        ("version = 1", 'version = "1"', "version"),
        ("id =", "id = 1\nid =", "no TOML"),
    ],
)
def test_loader_refuses(tmp_path, old, new, word):
    with pytest.raises(InputError, match=r"0\.toml") as err:
        read_statements(_folder(tmp_path, PLAIN.replace(old, new, 1)))
    assert word in str(err.value)


def test_yaml_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_text("a: &x [*x]\n")
    with pytest.raises(InputError, match="TOML, not YAML"):
        read_statements(tmp_path)


def test_two_of_one_id_are_refused(tmp_path):
    with pytest.raises(InputError, match="stands twice"):
        read_statements(_folder(tmp_path, PLAIN, PLAIN))


def test_later_folder_wins_and_says_so(tmp_path):
    mine = tomllib.loads(PLAIN) | {"id": "us-fda/nsclc/sotorasib/kras-g12c", "version": 2}
    own = read_statement(mine, where="mine")
    held = joined(
        [shipped_statements(), msgspec.structs.replace(shipped_statements(), statements=(own,), files=("mine",))]
    )
    assert len(held.statements) == 23
    assert held.get(own.id).version == 2
    assert "replaces version 1" in held.notes[0]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('name = "no"\nas_of = 2022-01-01', 'name = "no"\nas_of = 2022-01-01\nmissing = ["stage"]', "case-fails"),
        ('given.tumour = { type = "CRC" }\nexpect = "does not apply"', 'given.tumour = { type = "LUAD" }\nexpect = "applies"', "never-missed"),
        ("next_due = 2027-05-01", "next_due = 2020-05-01", "review-overdue"),
        ("from = 2021-05-28", "from = 2021-05-28\nto = 2020-05-28", "dates-turned"),
        ('trust = "read"', 'trust = "read"\nquote = "' + "word " * 26 + '"', "quote-too-long"),
        ('type = "NSCLC" }\nexpect = "applies"', 'type = "CRC" }\nexpect = "does not apply"', "never-met"),
        ("next_due = 2027-05-01", 'state = "reviewed"\nnext_due = 2027-05-01', "reviewer-not-named"),
    ],
)  # fmt: skip
def test_check_finds(tmp_path, old, new, rule):
    assert old in PLAIN
    held = read_statements(_folder(tmp_path, PLAIN.replace(old, new, 1)))
    assert rule in {f.rule for f in check_knowledge(held, today=TODAY)}


def test_check_finds_what_two_statements_say_against_each_other(tmp_path):
    bar = PLAIN.replace('"x/y"', '"x/bar"').replace("supports", "contraindicates")
    found = check_knowledge(read_statements(_folder(tmp_path, PLAIN, bar)), today=TODAY)
    assert [f.rule for f in found] == ["contradiction"]
    again = PLAIN.replace('"x/y"', '"x/z"')
    (tmp_path / "1.toml").write_text(again)
    assert [f.rule for f in check_knowledge(read_statements(tmp_path), today=TODAY)] == ["validity-overlaps"]


def test_no_case_is_a_fault(tmp_path):
    bare = PLAIN[: PLAIN.index("[[cases]]")]
    found = check_knowledge(read_statements(_folder(tmp_path, bare)), today=TODAY)
    assert [f.rule for f in found] == ["no-case"]
