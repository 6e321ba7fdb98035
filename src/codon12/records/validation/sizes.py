"""Rules on measured sizes: sign, size, unit, axis."""

from __future__ import annotations

import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.domains.tumour_tables import Held
from codon12.records.domains.tumours import lesions
from codon12.records.terms.assessments import DIAMETER_TESTS, MILLIMETRES, SHORT_AXIS_TESTS, nodal
from codon12.records.validation.rule import Breach, Check, Rule, Tables, breaches, once

__all__ = ["SIZE_RULES", "nodes"]

_LARGEST_MM = 500


def _diameters(tables: Tables) -> pl.DataFrame:
    return _of_diameters(tables["TR"])


def _of_diameters(tr: pl.DataFrame) -> pl.DataFrame:
    tests = {t for tests in DIAMETER_TESTS.values() for t in tests}
    return tr.filter(pl.col("TRTESTCD").is_in(tests)) if "TRTESTCD" in tr.columns else tr.clear()


def _negative(tables: Tables, _: StudyConfig) -> list[Breach]:
    tr = tables.get("TR")
    if tr is None or "TRSTRESN" not in tr.columns:
        return []
    return breaches("TR", once(tables, _diameters), pl.col("TRSTRESN") < 0, "TRSTRESN")


def _absurd(tables: Tables, _: StudyConfig) -> list[Breach]:
    tr = tables.get("TR")
    if tr is None or "TRSTRESN" not in tr.columns:
        return []
    unit = pl.col("TRSTRESU").str.to_uppercase() if "TRSTRESU" in tr.columns else pl.lit("MM")
    factor = unit.replace_strict(MILLIMETRES, default=1.0, return_dtype=pl.Float64).fill_null(1.0)
    return breaches("TR", once(tables, _diameters), pl.col("TRSTRESN") * factor > _LARGEST_MM, "TRSTRESN")


def _other_unit(*, known: bool) -> Check:
    def check(tables: Tables, _: StudyConfig) -> list[Breach]:
        tr = tables.get("TR")
        if tr is None or not {"TRSTRESN", "TRSTRESU"} <= set(tr.columns):
            return []
        unit = pl.col("TRSTRESU").str.strip_chars().str.to_uppercase()
        other = [name for name, mm in MILLIMETRES.items() if mm != 1]
        bad = unit.is_in(other) if known else ~unit.is_in(list(MILLIMETRES))
        sized = pl.col("TRSTRESN").is_not_null()
        return breaches("TR", once(tables, _diameters), sized & bad, "TRSTRESU", other=pl.col("TRSTRESN"))

    return check


def _no_unit(tables: Tables, _: StudyConfig) -> list[Breach]:
    tr = tables.get("TR")
    if tr is None or "TRSTRESN" not in tr.columns:
        return []
    unit = pl.col("TRSTRESU") if "TRSTRESU" in tr.columns else pl.lit(None, pl.String)
    bad = unit.is_null() & pl.col("TRSTRESN").is_not_null()
    return breaches("TR", once(tables, _diameters), bad, "TRSTRESN")


def nodes(tables: Tables) -> pl.DataFrame:
    """Lesions that any record places in a lymph node: USUBJID, TRLNKID."""
    found = [pl.DataFrame(schema={"USUBJID": pl.String, "TRLNKID": pl.String})]
    for table in ("TU", "TR"):
        lesion, location = f"{table}LNKID", f"{table}LOC"
        if table in tables and {"USUBJID", lesion, location} <= set(tables[table].columns):
            rows = tables[table].filter(nodal(pl.col(location)))
            found.append(rows.select("USUBJID", pl.col(lesion).alias("TRLNKID")))
    return pl.concat(found).unique()


def _node_axis(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Target nodes measured by their longest diameter alone."""
    if "TR" not in tables or "USUBJID" not in tables["TR"].columns:
        return []
    at_nodes = once(tables, nodes)
    if not at_nodes.height or "TRLNKID" not in tables["TR"].columns:
        return []
    tr = tables["TR"].join(at_nodes, on=["USUBJID", "TRLNKID"], how="semi", maintain_order="left")
    if "TRTESTCD" not in tr.columns or not (tr["TRTESTCD"].cast(pl.String).str.to_uppercase() == "LDIAM").any():
        return []  # every node is measured by its short axis: no lesion need be put together from its rows
    measured = lesions(Held({**tables, "TR": tr})).filter("NODAL", GROUP="TARGET", TEST="LDIAM", SRCDOM="TR")
    rows = tr.filter(pl.col("SRCROW").is_in(measured["SRCROW"].implode()))
    if "TRSTRESN" not in rows.columns:
        return []
    return breaches("TR", rows, pl.col("TRSTRESN").is_not_null(), "TRSTRESN", other=pl.col("TRLNKID"))


def _other_axis(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Targets that are no nodes, measured on a day by their short axis alone."""
    tr = tables.get("TR")
    if tr is None or not {"USUBJID", "TRLNKID", "TRTESTCD", "TRSTRESN", "TRDTC"} <= set(tr.columns):
        return []
    test = pl.col("TRTESTCD").str.to_uppercase()
    at = [c for c in ("USUBJID", "TREVAL", "TREVALID", "TRLNKID") if c in tr.columns]
    sized = _of_diameters(tr.with_columns(test))
    sized = sized.filter(pl.col("TRSTRESN").is_not_null() & pl.col("TRLNKID").is_not_null())
    short = pl.col("TRTESTCD").is_in(SHORT_AXIS_TESTS)
    none = sized.filter(short).join(once(tables, nodes), on=["USUBJID", "TRLNKID"], how="anti")
    if none.is_empty():
        return []
    sized = sized.join(none.select(at).unique(), on=at, how="semi", nulls_equal=True, maintain_order="left")
    merged = pl.col("TRLNKID").str.contains("[/+]")
    odd = sized.filter(short.all().over([*at, "TRDTC"]) & (merged | ~short.all().over(at)))
    if odd.is_empty():
        return []
    theirs = tr.join(odd.select("USUBJID").unique(), on="USUBJID", how="semi", maintain_order="left")
    read = lesions(Held({**tables, "TR": theirs})).filter(pl.col("AVAL").is_null() & ~pl.col("NODAL"), GROUP="TARGET")
    rows = odd.filter(pl.col("SRCROW").is_in(read.filter(pl.col("SRCDOM") == "TR")["SRCROW"].implode()))
    return breaches("TR", rows, pl.lit(value=True), "TRSTRESN", other=pl.col("TRLNKID"))


_TENFOLD = (8.0, 12.5)
"""Between these a size and its neighbours differ by a decimal point."""


def _by_ten(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Sizes ten times as large, or a tenth, of both the size before and the size after of the lesion."""
    tr = tables.get("TR")
    wanted = {"USUBJID", "TRLNKID", "TRTESTCD", "TRSTRESN", "TRDTC", "SRCROW"}
    if tr is None or not wanted <= set(tr.columns):
        return []
    lesion = [c for c in ("USUBJID", "TREVAL", "TREVALID", "TRLNKID", "TRTESTCD") if c in tr.columns]
    unit = pl.col("TRSTRESU").str.strip_chars().str.to_uppercase() if "TRSTRESU" in tr.columns else pl.lit("MM")
    size = pl.col("TRSTRESN") * unit.replace_strict(MILLIMETRES, default=1.0, return_dtype=pl.Float64).fill_null(1.0)
    rows = once(tables, _diameters).filter(pl.col("TRSTRESN") > 0, pl.col("TRLNKID").is_not_null())
    rows = rows.with_columns(_MM=size)
    # first, by a hash, those lesions of which any two sizes are so far apart
    rows = rows.with_columns(rows.select(lesion).hash_rows().alias("_LESION"))
    far = rows.group_by("_LESION").agg(pl.col("_MM").max() >= _TENFOLD[0] * (1 - 1e-9) * pl.col("_MM").min())
    rows = rows.join(far.filter("_MM"), on="_LESION", how="semi")
    rows = rows.sort(*lesion, "TRDTC", "SRCROW").with_columns(
        _BEFORE=pl.col("_MM").shift(1).over(lesion), _AFTER=pl.col("_MM").shift(-1).over(lesion)
    )
    small = [(pl.col(c) / pl.col("_MM")).is_between(*_TENFOLD) for c in ("_BEFORE", "_AFTER")]
    large = [(pl.col("_MM") / pl.col(c)).is_between(*_TENFOLD) for c in ("_BEFORE", "_AFTER")]
    odd = (small[0] & small[1]) | (large[0] & large[1])
    said = pl.format("{} before and {} after", "_BEFORE", "_AFTER")
    return breaches("TR", rows.sort("SRCROW"), odd, "TRSTRESN", other=said)


SIZE_RULES: tuple[Rule, ...] = (
    Rule(id="diameter-negative", scope="within", severity="error", check=_negative,
         sentence="{table} row {row}: a diameter of {value} is negative."),
    Rule(id="diameter-absurd", scope="within", severity="warning", check=_absurd,
         sentence=f"{{table}} row {{row}}: a diameter of {{value}} is more than {_LARGEST_MM} mm; is the unit right?"),
    Rule(id="diameter-converted", scope="within", severity="note", check=_other_unit(known=True),
         sentence="{table} row {row}: {other} {value} was converted to mm."),
    Rule(id="diameter-unit-unknown", scope="within", severity="error", check=_other_unit(known=False),
         sentence="{table} row {row}: {other} '{value}': the unit is not known, so the size is not used."),
    Rule(id="node-without-short-axis", scope="within", severity="warning", check=_node_axis,
         sentence="{table} row {row}: node {other} has a longest diameter ({value}) and no short axis; not assessed."),
    Rule(id="lesion-without-longest-diameter", scope="within", severity="warning", check=_other_axis,
         sentence="{table} row {row}: {other} is no lymph node and has a short axis ({value}) and no longest diameter; "
         "not assessed."),
    Rule(id="size-by-ten", scope="within", severity="warning", check=_by_ten,
         sentence="{table} row {row}: a size of {value}, and {other} (mm): is the decimal point right? It was used."),
    Rule(id="diameter-without-unit", scope="within", severity="note", check=_no_unit,
         sentence="{table} row {row}: {value} has no unit and was read as mm."),
)  # fmt: skip
"""Rules on diameters."""
