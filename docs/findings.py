"""Write docs/findings.md from the catalogue of rules: ``python docs/findings.py``; a test says when it must be."""

from __future__ import annotations

from pathlib import Path

from codon12.records.catalogue import CHAPTERS, rule_catalogue

PAGE = Path(__file__).with_name("findings.md")
HEAD = """# Findings

Written by `docs/findings.py`. A finding is a problem in the data that lets the work go on: it names file, row, subject
and variable, and the rule that made it. `codon12 validate STUDY` lists them without a report; every report has them in
`findings.csv`. An *error* leaves no right answer and stops the report, a *warning* may mislead, a *note* is to know.
"""


def page() -> str:
    """Every rule by chapter, with its severity, what it says and what to do."""
    parts = [HEAD]
    for chapter, heading in CHAPTERS.items():
        parts.append(f"\n## {heading}\n")
        for entry in sorted(rule_catalogue().values(), key=lambda e: e.id):
            if entry.chapter == chapter:
                sentence = entry.sentence.replace("{table} row {row}: ", "").replace("{", "<").replace("}", ">")
                shown = f"`{sentence}`" if "<" in sentence else sentence
                parts.append(f"\n### {entry.id}\n\n{entry.severity.capitalize()}. {shown}\n\n{entry.remedy}\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
