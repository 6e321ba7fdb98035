"""Half a million records of 20 variables to SAS transport, beside pyreadstat alone; ARS and Define-XML of a study."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat

from codon12.analyses import assemble
from codon12.records import Study
from codon12.standards import Dataset, adam_datasets, reporting_event, write_define, write_xpt
from codon12.standards.datasets import described
from codon12.standards.metadata import Column

WHEN = dt.datetime(2026, 1, 1)  # noqa: DTZ001


def records(n: int) -> pl.DataFrame:
    rng = np.random.default_rng(1)
    days = np.datetime64("2020-01-01") + rng.integers(0, 900, n)
    texts = {f"T{i}": [f"word {k}" for k in rng.integers(0, 500, n)] for i in range(6)}
    numbers = {f"N{i}": rng.normal(size=n) for i in range(12)}
    return pl.DataFrame({"USUBJID": [f"S-{i // 50:06}" for i in range(n)], "ADT": days, **texts, **numbers})


def seconds(call) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> None:
    frame = records(500_000).with_columns(pl.col("ADT").cast(pl.Date))
    columns = tuple(
        Column(
            name=c, label=f"Label of {c}", **dict(zip(("type", "length", "format"), described(frame, c), strict=True))
        )
        for c in frame.columns
    )
    data = Dataset("ADX", "A large data set", frame, columns)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "x.xpt")
        alone = seconds(lambda: pyreadstat.write_xport(frame, str(path), table_name="ADX", file_format_version=5))
        ours = seconds(lambda: write_xpt(data, path, version=5, created=WHEN))
        print(f"500,000 x 20 to XPT: codon12 {ours:.2f} s, pyreadstat alone {alone:.2f} s, ratio {ours / alone:.2f}")
        evidence = assemble(Study.open(Path(__file__).parents[1] / "examples" / "codebreak100"))
        adam = adam_datasets(evidence)[0]
        made = seconds(lambda: json.dumps(reporting_event(evidence, datasets=adam)))
        print(f"ARS of the shipped study: {made:.2f} s")
        files = {d.name: f"{d.name.lower()}.xpt" for d in adam}
        took = seconds(
            lambda: write_define(adam, Path(place, "define.xml"), study="S", title="T", files=files, created=WHEN)
        )
        print(f"Define-XML of its ADaM: {took:.2f} s")


if __name__ == "__main__":
    main()
