"""Tables of mutations, whatever their names, line ends and gaps."""

from __future__ import annotations

import gzip

import polars as pl
import pytest

from codon12.biomarker import read_maf, scan_maf, table_calls
from codon12.errors import InputError, UsageError

from .shared_data import need

pytestmark = pytest.mark.requirement("R-BIOM-01")

HEAD = "Hugo_Symbol\tNCBI_Build\tChromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\tTumor_Sample_Barcode"
HEAD += "\tVariant_Classification\tHGVSp_Short\tHGVSc\tt_ref_count\tt_alt_count\n"
G12C = "KRAS\tGRCh37\t12\t25398285\tC\tA\tS1\tMissense_Mutation\tp.G12C\tENST00000256078.4:c.34G>T\t60\t20\n"


def write(tmp_path, text, name="x.maf"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_one_row(tmp_path):
    found = read_maf(write(tmp_path, HEAD + G12C))
    assert found.frame.to_dicts() == [
        {
            "USUBJID": "S1",
            "SAMPLE": "S1",
            "GENE": "KRAS",
            "PROTEIN": "p.G12C",
            "CODING": "c.34G>T",
            "TRANSCRIPT": "ENST00000256078.4",
            "CHROM": "12",
            "POS": 25398285,
            "REF": "C",
            "ALT": "A",
            "BUILD": "GRCh37",
            "VAF": 0.25,
            "CLASS": "missense",
            "CONSEQUENCE": "Missense_Mutation",
            "PARTNER": None,
            "PHASE": None,
            "SRCDOM": "MUTATIONS",
            "SRCROW": 1,
        }
    ]
    assert found.findings.height == 0


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("batch", [7, 64, 10_000])
def test_line_ends_gzip_comments_and_batches_give_the_same_calls(tmp_path, end, packed, batch):
    text = "#version 2.4\n#centre\n" + HEAD + G12C + G12C.replace("S1", "S2") + G12C.replace("S1", "S3")
    data = text.replace("\n", end).encode()
    path = write(tmp_path, gzip.compress(data) if packed else data, "x.maf.gz" if packed else "x.maf")
    found = pl.concat([part.frame for part in scan_maf(path, batch_bytes=batch)])
    assert found.select("SAMPLE", "SRCROW").rows() == [("S1", 1), ("S2", 2), ("S3", 3)]


def test_a_header_alone_has_no_calls_and_nothing_is_refused(tmp_path):
    assert read_maf(write(tmp_path, HEAD)).frame.height == 0
    assert read_maf(write(tmp_path, HEAD.rstrip("\n"))).frame.height == 0
    for text in ("", "#only a comment\n"):
        with pytest.raises(InputError, match=r"no text|empty"):
            read_maf(write(tmp_path, text))


def test_other_encodings(tmp_path):
    row = "Hugo_Symbol\tTumor_Sample_Barcode\tHGVSp_Short\nKRAS\tM\u00fcller\tp.G12C\n"
    for data in (row.encode(), row.encode("cp1252"), row.encode("utf-16"), b"\xef\xbb\xbf" + row.encode()):
        assert read_maf(write(tmp_path, data)).frame["SAMPLE"].to_list() == ["M\u00fcller"]


def test_missing_columns_are_a_note_and_missing_genes_an_error():
    found = table_calls(pl.DataFrame({"Hugo_Symbol": ["KRAS"], "Sample_ID": ["1"]}))
    assert found.findings.select("RULE", "SEVERITY").rows() == [("missing-column", "note")]
    assert found.frame["CLASS"].to_list() == [None]
    with pytest.raises(InputError, match="no column of genes"):
        table_calls(pl.DataFrame({"A": ["1"]}))
    with pytest.raises(InputError, match="no column of samples"):
        table_calls(pl.DataFrame({"GENE": ["1"]}))


def test_columns_may_be_named():
    table = pl.DataFrame({"locus": ["KRAS"], "who": ["1"], "what": ["p.Gly12Cys"]})
    found = table_calls(table, columns={"GENE": "locus", "SAMPLE": "who", "PROTEIN": "what"})
    assert found.frame.select("SAMPLE", "GENE", "PROTEIN", "CLASS").row(0) == ("1", "KRAS", "p.G12C", "missense")
    with pytest.raises(UsageError, match="no column 'nope'"):
        table_calls(table, columns={"GENE": "nope"})
    with pytest.raises(UsageError, match="'GEN' is none of"):
        table_calls(table, columns={"GEN": "who"})


def problem(**cells):
    row = {"GENE": "KRAS", "SAMPLE": "1", "CHROM": "12", "POS": "25398285", "REF": "C", "ALT": "A", "BUILD": "hg19"}
    rows = cells.pop("rows", [{}])
    table = pl.DataFrame([{**row, "PROTEIN": "p.G12C", "CODING": "c.34G>T", "VAF": "0.1", **cells, **r} for r in rows])
    found = table_calls(table)
    assert found.frame.height == len(rows)
    return found.findings.select("RULE", "SEVERITY", "MESSAGE").rows(), found.frame


def test_an_allele_fraction_over_one_is_not_taken():
    findings, frame = problem(VAF="1.3")
    assert findings[0][:2] == ("vaf-outside-0-1", "warning")
    assert frame["VAF"].to_list() == [None]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"BUILD": "GRCh38"}, "given as GRCh38; GRCh37 has C there, GRCh38 has no coding base"),
        ({"POS": "25245351"}, "given as GRCh37; GRCh37 has no coding base .* there, GRCh38 has C"),
        ({"REF": "G", "ALT": "T"}, "GRCh37 has C there"),
        ({"BUILD": "", "REF": "G"}, "no build; GRCh37 has C there"),
    ],
)
def test_wrong_build_or_strand_is_an_error_with_both_bases(cells, says):
    findings, _ = problem(**cells)
    assert findings[0][:2] == ("reference-mismatch", "error")
    import re

    assert re.search(says, findings[0][2])


def test_right_bases_and_other_genes_are_no_finding():
    assert problem()[0] == []
    assert problem(BUILD="38", POS="25245351")[0] == []
    assert problem(GENE="CASC1", BUILD="38", PROTEIN="p.A1V")[0] == []
    assert [f[0] for f in problem(POS="25398207", REF="A", PROTEIN="", CODING="")[0]] == [
        "open-protein-change"
    ]  # intron


def test_doubled_and_contradictory_rows():
    findings, _ = problem(rows=[{}, {}])
    assert [f[:2] for f in findings] == [("duplicate-call", "note")]
    findings, _ = problem(rows=[{}, {"PROTEIN": "p.G12D"}])
    assert [f[0] for f in findings] == ["contradictory-call", "contradictory-call"]
    assert problem(rows=[{}, {"SAMPLE": "2"}])[0] == []


def test_old_symbols_unread_changes_and_unknown_samples():
    table = pl.DataFrame({"GENE": ["LKB1", "KRAS"], "SAMPLE": ["1", "9"], "PROTEIN": ["p.Q37*", "weird"]})
    subjects = pl.DataFrame({"SAMPLE": ["1"], "USUBJID": ["P1"]})
    found = table_calls(table, subjects=subjects)
    assert found.frame.select("USUBJID", "GENE", "PROTEIN").rows() == [
        ("P1", "STK11", "p.Q37*"),
        (None, "KRAS", "weird"),
    ]
    rules = dict(found.findings.select("RULE", "MESSAGE").rows())
    assert "LKB1 is now STK11; 1 row(s)" in rules["former-symbol"]
    assert "'weird' is no protein change" in rules["unread-protein-change"]
    assert "sample 9 leads to no single subject" in rules["sample-without-subject"]


def test_the_second_allele_may_be_the_reference():
    table = pl.DataFrame({"GENE": ["X"], "SAMPLE": ["1"], "REF": ["C"], "ALT": ["C"], "Tumor_Seq_Allele1": ["T"]})
    assert table_calls(table).frame["ALT"].to_list() == ["T"]


def test_genes_are_filtered_by_their_current_symbol(tmp_path):
    path = write(tmp_path, HEAD + G12C + G12C.replace("KRAS", "LKB1"))
    assert read_maf(path, genes=["STK11"]).frame["SRCROW"].to_list() == [2]


@pytest.mark.parametrize(
    ("name", "rows", "build"),
    [
        ("tcga_luad_firehose/LUAD.nonsilent.maf.gz", 142_536, "GRCh37"),
        ("msk_mind_2022/data_mutations.txt", 2_952, "GRCh37"),
        ("rizvi_2018_nsclc_pd1/SNV.txt.gz", 2_517, "GRCh37"),
        ("samstein_2018_tmb/SNV.txt.gz", 20_563, "GRCh37"),
        ("formats/maftools/tcga_laml.maf.gz", 2_207, "GRCh37"),
        ("formats/maftools/APL_primary.maf.gz", 269, "GRCh37"),  # CR alone ends its lines
        ("formats/maftools/APL_relapse.maf.gz", 161, "GRCh37"),
        ("formats/oncokb_maf/example_maf_grch38.txt", 14, "GRCh38"),
    ],
)
def test_real_files_are_read_whole_and_without_errors(name, rows, build):
    found = read_maf(need(name))
    assert found.frame.height == rows
    assert found.frame["BUILD"].unique().to_list() == [build]
    assert found.frame["CLASS"].null_count() == 0
    assert found.findings.filter(pl.col("SEVERITY") == "error").height == 0
    assert found.frame["SRCROW"].to_list() == list(range(1, rows + 1))
    assert found.frame.filter(~pl.col("VAF").is_between(0, 1)).height == 0


def test_kras_in_tcga_luad():
    # cBioPortal, TCGA-LUAD (Firehose Legacy) and the file itself by grep: 146 KRAS rows.
    calls = read_maf(need("tcga_luad_firehose/LUAD.nonsilent.maf.gz"), genes=["KRAS"]).frame
    assert calls["PROTEIN"].value_counts().filter(PROTEIN="p.G12C")["count"].to_list() == [
        sum(line.split(b"\t")[0] == b"KRAS" and b"p.G12C\t" in line for line in lines())
    ]


def lines():
    with gzip.open(need("tcga_luad_firehose/LUAD.nonsilent.maf.gz")) as file:
        yield from file
