"""Every rule that a finding may name is in the catalogue, with what to do about it; the page of docs says the same."""

import ast
import importlib.util
import re
from pathlib import Path

import codon12
from codon12.records import RULES
from codon12.records.catalogue import CHAPTERS, remedy, rule_catalogue

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(codon12.__file__).parent
MAKES_FINDINGS = re.compile(r"findings_frame|row_findings|Finding\(|FINDING_SCHEMA|\bRULE=|Rule\(id")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
NO_RULES = {
    "utf-8",
    "utf-8-sig",
    "latin-1",
    "windows-1252",
    "dataset-json",
    "last-before-start",
    "msi-h",
    "mmr-d",
    "not-taken",
    "copy-number",
}
NO_RULES |= {"pre-treatment", "post-treatment"}
"""Other texts with hyphens in those modules."""


def named_in_code():
    found = {}
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        # check judges texts and has findings of its own kind
        if {"catalogue", "check"} & set(path.relative_to(SOURCE).parts) or not MAKES_FINDINGS.search(text):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEBAB.fullmatch(node.value):
                found.setdefault(node.value, path.relative_to(SOURCE).as_posix())
    computed = {"not-a-number", "not-a-date"}  # records/columns/types.py: f"not-a-{kind}"
    return {
        **{k: v for k, v in found.items() if k not in NO_RULES},
        **dict.fromkeys(computed, "records/columns/types.py"),
    }


def test_every_rule_in_the_code_is_in_the_catalogue_and_no_other():
    code, listed = named_in_code(), set(rule_catalogue())
    assert not {k: v for k, v in code.items() if k not in listed}, "add them to records/catalogue/rules.toml"
    assert not listed - set(code), "no code makes these findings"


def test_every_entry_says_all_of_itself():
    for entry in rule_catalogue().values():
        assert entry.chapter in CHAPTERS
        assert set(entry.severity.split(" or ")) <= {"error", "warning", "note"}, entry.id
        assert entry.sentence.endswith((".", "?")), entry.id
        assert entry.remedy.endswith("."), f"{entry.id}: say in records/catalogue/rules.toml what to do about it"


def test_rules_of_validation_speak_for_themselves():
    for rule in RULES:
        entry = rule_catalogue()[rule.id]
        assert (entry.severity, entry.sentence) == (rule.severity, rule.sentence)


def test_a_rule_of_another_package_has_no_remedy():
    assert remedy("of-another-package") is None


def test_the_page_is_up_to_date():
    spec = importlib.util.spec_from_file_location("findings_page", ROOT / "docs" / "findings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run python docs/findings.py"
