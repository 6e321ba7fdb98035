"""PCR kits: an assay profile with cited cut-offs, and Ct sheets read by it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay, hotspot_assay
from codon12.biomarker.assays.tests import frame_of_tests
from codon12.biomarker.calls.frame import Calls, calls_frame
from codon12.biomarker.calls.subjects import with_subject
from codon12.errors import ConfigError, InputError
from codon12.records.findings import row_findings

__all__ = ["PcrProfile", "PcrResult", "PcrTarget", "read_ct_sheet", "read_pcr_profile"]

_MISSING = ("", ".", "NA", "N/A", "-", "undetermined", "Undetermined", "UNDETERMINED", "no ct", "No Ct", "NaN")


class PcrTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reaction of the kit: the change it detects and the delta-Ct between which it is called."""

    change: str
    """Gene and protein change: ``KRAS G12C``."""
    cutoff: float
    """Detected at a delta-Ct of at most this."""
    lower_bound: float
    """A delta-Ct below this is no result: repeat the test."""
    names: list[str] = []
    """What Ct sheets call the target (``12CYS``), besides `change`."""


class PcrProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kit's handbook says of its cut-offs. Nothing in it has a default: cut-offs differ by kit, version, lot."""

    name: str
    handbook: Annotated[str, msgspec.Meta(min_length=1)]
    """Handbook and its version."""
    lot: Annotated[str, msgspec.Meta(min_length=1)]
    source: Annotated[str, msgspec.Meta(min_length=1)]
    """Where the cut-offs are published: citation, document number, page."""
    control_low: float
    """The control reaction is valid from this Ct"""
    control_high: float
    """to this Ct; above it there is too little DNA."""
    targets: Annotated[list[PcrTarget], msgspec.Meta(min_length=1)]

    @property
    def assay(self) -> Assay:
        """The kit as an assay that reaches its targets and nothing else."""
        changes = [t.change for t in self.targets]
        return hotspot_assay(
            self.name, changes, kind="PCR kit", version=f"{self.handbook}, lot {self.lot}", source=self.source
        )


class PcrResult(msgspec.Struct, frozen=True, kw_only=True):
    """A Ct sheet as read."""

    results: pl.DataFrame
    """USUBJID, SAMPLE, ASSAY, TARGET, STATE, REASON, CT, CONTROL_CT, DCT, SRCROW: one row a reaction."""
    tests: pl.DataFrame
    """The same as a tests frame."""
    calls: Calls
    """The detected changes, and findings."""


def read_pcr_profile(path: str | Path) -> PcrProfile:
    """Read a kit's assay profile from TOML.

    Raises
    ------
    ConfigError
        A key is missing, unknown or of the wrong type; a window or cut-off is upside down. No key has a default.
    InputError
        No such file.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(
            f"{file}: no such assay profile; write the cut-offs of the kit's handbook into it, with its citation"
        )
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{file.name}: not valid TOML: {err}") from None
    return profile_of(raw, where=file.name)


def profile_of(raw: dict[str, Any], *, where: str = "assay profile") -> PcrProfile:
    """Build a profile from plain values. Errors as `read_pcr_profile`."""
    try:
        profile = msgspec.convert(raw, PcrProfile)
    except msgspec.ValidationError as err:
        keys = ", ".join(PcrProfile.__struct_fields__)
        raise ConfigError(f"{where}: {err}. Every one of {keys} is needed; none has a default.") from None
    if not profile.control_low < profile.control_high:
        raise ConfigError(
            f"{where}: control_low {profile.control_low:g} must lie below control_high {profile.control_high:g}"
        )
    for target in profile.targets:
        if not target.lower_bound < target.cutoff:
            raise ConfigError(f"{where}, {target.change}: lower_bound must lie below cutoff")
    _ = profile.assay  # refuses a target that is no change of a gene
    return profile


def read_ct_sheet(sheet: pl.DataFrame, profile: PcrProfile, *, subjects: pl.DataFrame | None = None) -> PcrResult:
    """Read a Ct sheet: the control first, then each mutation by its delta-Ct.

    Parameters
    ----------
    sheet
        SAMPLE, TARGET, CT and CONTROL_CT, one row a mutation reaction; cells may be text. A Ct that is missing,
        ``Undetermined`` or 0 is no amplification. Columns of other names are not read.
    profile
        The kit's cut-offs.
    subjects
        SAMPLE, USUBJID; the sample is the subject when left out.

    Returns
    -------
    PcrResult
        STATE ``invalid`` where the control did not amplify; ``indeterminate`` where its Ct lies outside the window
        (above it: too little DNA) or the delta-Ct lies below the lower bound; else ``detected`` up to the cut-off
        and ``not detected``. A target the profile does not know, and a reaction given twice, are findings.

    Raises
    ------
    InputError
        A column is missing.

    Notes
    -----
    Delta-Ct is the mutation's Ct minus the control's. "Not detected" means below the limit of detection or absent, for
    the kit's own mutations alone.
    """
    by_upper = {c.upper(): c for c in sheet.columns}
    missing = [c for c in ("SAMPLE", "TARGET", "CT", "CONTROL_CT") if c not in by_upper]
    if missing:
        raise InputError(f"Ct sheet: no column {', '.join(missing)}; it has {', '.join(sheet.columns)}")
    rows = _named(sheet, by_upper, profile)
    found = [_findings(rows, "unknown-target", "error", pl.col("change").is_null(), f"no target of {profile.name}")]
    known = rows.filter(pl.col("change").is_not_null())
    again = pl.len().over("SAMPLE", "change") > 1
    found.append(_findings(known, "duplicate-reaction", "warning", again, "given more than once for this sample"))
    results = _judged(known, profile)
    results, unowned = with_subject(results, subjects, name="CT")
    found.append(unowned)
    parts = results.filter(pl.col("STATE") == "detected").select(
        "USUBJID",
        "SAMPLE",
        GENE=pl.col("TARGET").str.extract(r"^(\S+)"),
        PROTEIN=pl.col("TARGET").str.extract(r"(p\.\S+)$"),
        CLASS=pl.lit("missense"),
        CONSEQUENCE=pl.lit("PCR"),
        SRCDOM=pl.lit("CT"),
        SRCROW="SRCROW",
    )
    columns = ["USUBJID", "SAMPLE", "ASSAY", "TARGET", "STATE", "REASON", "CT", "CONTROL_CT", "DCT", "SRCROW"]
    return PcrResult(
        results=results.select(columns),
        tests=frame_of_tests(results),
        calls=Calls(frame=calls_frame(parts), findings=pl.concat(found)),
    )


def _named(sheet: pl.DataFrame, by_upper: dict[str, str], profile: PcrProfile) -> pl.DataFrame:
    reach = dict(zip((t.change for t in profile.targets), map(str, profile.assay.reach), strict=True))
    names = {n.upper(): reach[t.change] for t in profile.targets for n in (t.change, reach[t.change], *t.names)}

    def ct(name: str) -> pl.Expr:
        text = pl.col(by_upper[name]).cast(pl.String).str.strip_chars()
        value = (
            pl.when(~text.is_in(_MISSING)).then(text).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        )
        return pl.when(value > 0).then(value)

    row = pl.col(by_upper["SRCROW"]) if "SRCROW" in by_upper else pl.int_range(1, pl.len() + 1)
    given = pl.col(by_upper["TARGET"]).cast(pl.String).str.strip_chars()
    return sheet.select(
        SAMPLE=pl.col(by_upper["SAMPLE"]).cast(pl.String),
        given=given,
        change=given.str.to_uppercase().replace_strict(names, default=None, return_dtype=pl.String),
        CT=ct("CT"),
        CONTROL_CT=ct("CONTROL_CT"),
        SRCROW=row.cast(pl.Int64),
    )


def _judged(rows: pl.DataFrame, profile: PcrProfile) -> pl.DataFrame:
    limits = pl.DataFrame(
        {
            "change": [str(r) for r in profile.assay.reach],
            "cutoff": [t.cutoff for t in profile.targets],
            "bound": [t.lower_bound for t in profile.targets],
        }
    )
    low, high = profile.control_low, profile.control_high
    rows = rows.join(limits, on="change", maintain_order="left").with_columns(DCT=pl.col("CT") - pl.col("CONTROL_CT"))
    control, delta = pl.col("CONTROL_CT"), pl.col("DCT").round(9)
    stated = (
        (control.is_null(), "invalid", pl.lit("the control did not amplify")),
        (control > high, "indeterminate", pl.format(f"too little DNA: control Ct {{}} above {high:g}", control)),
        (control < low, "indeterminate", pl.format(f"control Ct {{}} below {low:g}", control)),
        (
            delta < pl.col("bound"),
            "indeterminate",
            pl.format("delta-Ct {} below the lower bound {}: repeat the test", delta.round(2), "bound"),
        ),
        (delta <= pl.col("cutoff"), "detected", pl.format("delta-Ct {} up to {}", delta.round(2), "cutoff")),
    )
    state, reason = pl.lit("not detected"), pl.lit("no amplification up to the cut-off")
    for when, name, why in reversed(stated):
        hit = when.fill_null(value=False)
        state = pl.when(hit).then(pl.lit(name)).otherwise(state)
        reason = pl.when(hit).then(why).otherwise(reason)
    return rows.with_columns(TARGET="change", ASSAY=pl.lit(profile.name), STATE=state, REASON=reason)


def _findings(rows: pl.DataFrame, rule: str, severity: Any, when: pl.Expr, says: str) -> pl.DataFrame:
    return row_findings(
        rows.filter(when),
        table="CT",
        rule=rule,
        severity=severity,
        variable="TARGET",
        value=pl.col("given"),
        message=f"Ct sheet row {{}}: {{}} of sample {{}} is {says}.",
        parts=[pl.col("SRCROW"), pl.col("given").fill_null("(no target)"), pl.col("SAMPLE").fill_null("(none)")],
    )
