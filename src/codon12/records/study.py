"""A study: its tables, where they came from, and what was found wrong with them."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

import polars as pl

from codon12.errors import DataError, UsageError
from codon12.evidence.frames import columns_of, rows_of
from codon12.records.config import CONFIG_FILE, StudyConfig, read_config
from codon12.records.files.locate import StudyFormat
from codon12.records.files.nested import study_folder
from codon12.records.files.no_folder import must_be_folder
from codon12.records.opening.open import open_study, with_configuration

__all__ = ["Study"]


@dataclass(frozen=True, slots=True, repr=False)
class Study:
    """The records of one study, as `Study.open` reads them from a folder.

    Every table has `SRCDOM` and `SRCROW` (1-based data row of the file). Nothing is dropped silently:
    `accounting` says for each table how many rows were read, used, and left out why.
    """

    path: Path
    format: StudyFormat
    config: StudyConfig
    tables: Mapping[str, pl.DataFrame]
    """Upper-case table name -> frame, the data cut-off applied."""
    sources: pl.DataFrame
    """TABLE, FILE, SHA256, ROWS, BYTES, ENCODING, FORMAT: one row a file, the configuration (``codon12``) last."""
    findings: pl.DataFrame
    """TABLE, ROW, USUBJID, VARIABLE, RULE, SEVERITY, VALUE, MESSAGE."""
    accounting: pl.DataFrame
    """TABLE, ROWS_READ, ROWS_USED, ROWS_EXPLAINED, REASONS, USED_FOR: read = used + explained; used is
    what something is derived from."""
    looked_for: Mapping[str, str] = field(default_factory=dict)
    """Table that is not there -> why."""

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        config: StudyConfig | str | Path | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Study:
        r"""Read a study folder: SDTM, ADaM, a cBioPortal study, or plain tables with a ``codon12.toml``.

        A folder without tables of its own is searched for the one folder below it that holds a study.

        `config`, read or the path of a file, stands in place of the folder's own ``codon12.toml``; files it names lie
        in the study folder. `progress` is called with a short sentence a stage.

        Raises
        ------
        InputError
            No such folder, no study in it, or a file that cannot be read; the message names file and row.
        ConfigError
            ``codon12.toml`` cannot be understood; the message names the key.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "dm.csv").write_text("STUDYID,DOMAIN,USUBJID\nS,DM,S-1\n")
        ...     study = Study.open(folder)
        >>> study.format, study.table("DM")["USUBJID"].to_list()
        ('sdtm', ['S-1'])
        """
        folder = Path(path)
        must_be_folder(folder)
        place = folder if config is None else config
        settled = place if isinstance(place, StudyConfig) else read_config(Path(place))
        folder, told = study_folder(folder, settled)
        if config is None and not (Path(path) / CONFIG_FILE).is_file() and (folder / CONFIG_FILE).is_file():
            place, settled = folder, read_config(folder)
        parts = open_study(folder, settled, progress or (lambda _: None), told)
        file = None if isinstance(place, StudyConfig) else Path(place)
        if file is not None and file.is_dir():
            file = file / CONFIG_FILE
        return cls(
            path=folder,
            format=parts.format,
            config=settled,
            tables=MappingProxyType(parts.tables),
            sources=with_configuration(parts.sources, file),
            findings=parts.findings,
            accounting=parts.accounting,
            looked_for=MappingProxyType(parts.looked_for),
        )

    def __repr__(self) -> str:
        rows = sum(t.height for t in self.tables.values())
        return f"<Study {self.path.name}: {len(self.tables)} tables, {rows:,} rows, {self.findings.height:,} findings>"

    def _repr_html_(self) -> str:
        """Title, tables with their rows, and findings by severity, for a notebook."""
        title = html.escape(self.config.title or self.path.name)
        counts = self.findings.group_by("SEVERITY").len().sort("SEVERITY").iter_rows()
        said = ", ".join(f"{n:,} {html.escape(str(s))}{'s' if n != 1 else ''}" for s, n in counts) or "no findings"
        lines = "".join(
            f"<tr><th scope='row'>{html.escape(name)}</th><td>{t.height:,}</td><td>{t.width:,}</td></tr>"
            for name, t in self.tables.items()
        )
        head = "<tr><th scope='col'>Table</th><th scope='col'>Rows</th><th scope='col'>Columns</th></tr>"
        return f"<p><b>{title}</b><br>{said}</p><table><thead>{head}</thead><tbody>{lines}</tbody></table>"

    def has(self, table: str) -> bool:
        """Tell whether the study has a table, rows or not."""
        return table.upper() in self.tables

    def table(self, table: str) -> pl.DataFrame:
        """Give a table.

        Raises
        ------
        UsageError
            The study has none of that name; the message says what was looked for and which there are.
        """
        return self.tables[self._known(table)]

    def columns(self, table: str) -> list[str]:
        """Columns of a table; errors as `table`."""
        return columns_of(self.tables, self._known(table))

    def rows(self, table: str) -> pl.LazyFrame:
        """A table of which rows and columns are read as far as they are needed; errors as `table`."""
        return rows_of(self.tables, self._known(table))

    def _known(self, table: str) -> str:
        name = table.upper()
        if name in self.tables:
            return name
        why = self.looked_for.get(
            name, f"no file {name.lower()}.* or {name.lower()}_*.* and no [tables.{name}] in codon12.toml"
        )
        have = ", ".join(sorted(self.tables)) or "none"
        near = get_close_matches(name, self.tables, n=1)
        meant = f". If {near[0]} is meant, call it so: [tables.{name}] file = ... in codon12.toml" if near else ""
        asks = f". `codon12 init {self.path}` looks at the files" if name in ("ADSL", "DM") and not meant else ""
        raise UsageError(f"{self.path.name}: no table {name} ({why}); there are {have}{meant}{asks}")

    def errors(self) -> pl.DataFrame:
        """Findings of severity ``error``: where no right answer exists."""
        return self.findings.filter(pl.col("SEVERITY") == "error")

    def require_no_errors(self) -> None:
        """Stop where findings of severity ``error`` exist.

        Raises
        ------
        DataError
            The message counts them by rule and quotes the first without subject ids.
        """
        errors = self.errors()
        if errors.height:
            counts = errors.group_by("TABLE", "RULE").len().sort("TABLE", "RULE")
            listed = "; ".join(f"{t}: {r} ({n})" for t, r, n in counts.iter_rows())
            raise DataError(
                f"{self.path.name}: {errors.height} error(s) in the data leave no right answer: {listed}. "
                "See the findings for rows and values."
            )
