"""Lines of therapy of a study, as ``[[match.lines]]`` of ``codon12.toml`` names them."""

from __future__ import annotations

import numpy as np
import polars as pl

from codon12.errors import ConfigError
from codon12.match.drugs import drug_classes
from codon12.match.outcomes import EARLY_SETTINGS, read_outcome
from codon12.match.profiles import NO_DAY, ONGOING, LineKind, Rows
from codon12.records.config import CONFIG_FILE
from codon12.records.config.match import MatchLine
from codon12.records.findings import Finding, findings_frame, shown
from codon12.records.sql import evaluate
from codon12.records.study import Study

__all__ = ["StudyLines"]


class StudyLines:
    """Lines of therapy as ``[[match.lines]]`` names them."""

    def __init__(self, study: Study, people: pl.DataFrame, own: pl.DataFrame) -> None:
        parts = [self._read(study, i, line, people, own) for i, line in enumerate(study.config.match.lines)]
        empty = pl.DataFrame(
            schema={
                "person": pl.UInt32,
                "drugs": pl.String,
                "outcome": pl.String,
                "setting": pl.String,
                "low": pl.Int64,
            }
        )
        rows = pl.concat([empty, *parts]).sort("person", maintain_order=True)
        keys = ["drugs", "outcome", "setting"]
        table = rows.select(keys).unique(maintain_order=True).with_row_index("code")
        drugs, found, values = drug_classes(), [], []
        for text, outcome, setting in table.select(keys).iter_rows():
            items = [
                t.strip() for t in pl.Series([text or ""]).str.replace_all(r"[;/+]", ",")[0].split(",") if t.strip()
            ]
            parts_ = drugs.parts(items)
            found += [_odd("drug-unknown", d, "known drug; kept, of no class") for d in parts_ if not drugs.is_known(d)]
            word, known = read_outcome(outcome)
            if not known:
                found.append(_odd("outcome-unknown", outcome, "known outcome; it stays open"))
            early = " ".join((setting or "").lower().split()) in EARLY_SETTINGS
            values.append(LineKind(drugs=parts_, outcome=word, early=early))
        coded = rows.join(table, on=keys, how="left", nulls_equal=True, maintain_order="left")
        self.rows = Rows(
            rows["person"].cast(pl.Int64).to_numpy(), coded["code"].cast(pl.Int64).to_numpy(), tuple(values)
        )
        low = rows["low"].to_numpy()
        known_day = rows["low"].is_not_null().to_numpy()
        ongoing = np.array([values[c].outcome == "ongoing" for c in self.rows.codes], np.bool_)
        day = np.nan_to_num(low.astype(np.float64)).astype(np.int64)
        first = np.where(ongoing, ONGOING, np.where(known_day, day, NO_DAY))
        last = np.where(ongoing, ONGOING, np.where(known_day, day, ONGOING))
        self.end = np.column_stack([first, last]).astype(np.int64)
        self.findings = findings_frame(dict.fromkeys(found))

    @staticmethod
    def _read(study: Study, i: int, line: MatchLine, people: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
        key = f"match.lines[{i}]"
        if line.table is not None and not study.has(line.table.upper()):
            raise ConfigError(
                f"{CONFIG_FILE}, key {key}.table: no table {line.table}; there are {', '.join(sorted(study.tables))}"
            )
        frame = people if line.table is None else study.table(line.table.upper())
        if line.where is not None:
            frame = frame.filter(evaluate(frame, line.where, where=f"{CONFIG_FILE}, key {key}.where"))

        def text(name: str, sql: str | None) -> pl.Series:
            if sql is None:
                return pl.Series(name, [None] * frame.height, dtype=pl.String)
            return evaluate(frame, sql, where=f"{CONFIG_FILE}, key {key}.{name}").cast(pl.String).alias(name)

        day = text("end", line.end).str.to_date("%Y-%m-%d", strict=False)
        rows = pl.DataFrame(
            [
                frame["USUBJID"].cast(pl.String), text("drugs", line.drugs), text("outcome", line.outcome),
                text("setting", line.setting), (day.cast(pl.Int32).cast(pl.Int64) + 719_163).alias("low"),
            ]
        )  # fmt: skip
        rows = rows.filter(pl.col("drugs").is_not_null() | pl.col("outcome").is_not_null())
        return rows.join(own, on="USUBJID", how="inner", maintain_order="left").select(
            "person", "drugs", "outcome", "setting", "low"
        )


def _odd(rule: str, value: str | None, why: str) -> Finding:
    return Finding(
        table="LINES", rule=rule, severity="warning", value=value, message=f"{shown(value or '')!r} is no {why}."
    )
