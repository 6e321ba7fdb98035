"""Public cohorts with a mapping made by hand: how much of it a first look finds, and that nothing it uses is wrong."""

import sys
import tomllib
from pathlib import Path

import pytest

from codon12.init import propose

ROOT = Path(__file__).parents[2]
SAME = {
    "TRT01P": "ARM",
    "TRT01A": "ARM",
    "SMOKER": "SMOKING",
    "TOBHX": "SMOKING",
    "TOBACCO": "SMOKING",
    "STAGE_TEXT": "STAGE",
    "TREATMENT_TYPE": "DRUG_TYPE",
    "COMBINED": "DRUG_TYPE",
    "SEXN": "SEX",
    "NLR0": "NLR",
    "BTMBN": "BTMB",
    "SP142": None,
    "SUBJID": None,
}
"""Names in the mappings -> roles of the same meaning."""
# The codes of sexes in LORIS stand in no file: they stay open.
STUDIES = {
    "rizvi_2018_nsclc_pd1": "CLIN.txt",
    "samstein_2018_tmb": "CLIN.txt",
    "oak_poplar_2018": "OAK_Clinical_Data",
    "tcga_luad_firehose": "LUAD.clinical.tsv",
    "loris_2024": "Chowell_train",
}


def wanted(mapping, place):
    """Column -> role, of one file or sheet of a mapping made by hand."""
    out = {}
    for sources in mapping["tables"].values():
        for source in sources if isinstance(sources, list) else [sources]:
            if place not in (source.get("file"), source.get("sheet")):
                continue
            for role, column in source.get("columns", {}).items():
                out[column] = SAME.get(role, role)
            for param, time in source.get("times", {}).items():
                out[time["status"]] = "VITAL" if time["status"] == "vital_status" else f"{param}_STATUS"
                if time["time"].replace(".", "_").isidentifier():
                    out[time["time"]] = f"{param}_TIME"
    return {c: r for c, r in out.items() if r}


def say(line):
    sys.stdout.write(f"{line}\n")


@pytest.mark.slow
def test_most_of_the_known_mappings_is_found_and_nothing_used_is_wrong():
    shared = ROOT.parent / "shared" / "data"
    if not shared.is_dir():
        pytest.skip(f"needs {shared}, which is not part of the project")
    right = total = 0
    wrong = []
    for study, place in STUDIES.items():
        mapping = tomllib.loads((ROOT / "examples" / "mappings" / f"{study}.toml").read_text())
        belief = propose(shared / study, answers={"subjects": "AllData.xlsx, sheet Chowell_train"})
        table = next(t for t in belief.tables if t.table == "ADSL")
        assert place in (table.file, table.sheet)
        told = {c.column: c for c in table.columns}
        for column, role in wanted(mapping, place).items():
            found = told[column]
            total += 1
            hit = (found.role == role or (found.role, role) == ("LINES", "PRIOR")) and found.confidence != "unsure"
            # who died is settled by the days to death, and the key by the mutations, where the table is written
            hit |= (
                f'"{column}"' in belief.toml
                and role in ("VITAL", "USUBJID")
                and f'\nUSUBJID = "{column}"' in belief.toml
            )
            hit |= role == "VITAL" and f'status = "{column}"' in belief.toml
            right += hit
            if not hit and found.confidence != "unsure" and found.role is not None:
                wrong.append((study, column, found.role, role))
            say(f"{study:22} {column:36} {role:12} {found.role!s:12} {found.confidence:7} {'right' if hit else 'NOT'}")
    say(f"{right} of {total} columns right")
    assert not wrong
    assert right >= 0.9 * total
