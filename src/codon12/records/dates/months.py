"""Names of months in the languages of registries."""

from __future__ import annotations

import polars as pl

__all__ = ["english_months"]

_NAMES = {
    "Jan": "jan january januar jänner jaen janv janvier ene enero gen gennaio janeiro januari",
    "Feb": "feb february februar fev févr février febrero febbraio fevereiro februari",
    "Mar": "mar march mär mrz märz mars marzo março marco mrt maart",
    "Apr": "apr avr avril abr abril aprile april",
    "May": "mai may mayo mag maggio maio mei maj",
    "Jun": "jun june juni juin junio giu giugno junho",
    "Jul": "jul july juli juil juillet julio lug luglio julho",
    "Aug": "aug august août aout ago agosto augustus augusti",
    "Sep": "sep sept september septembre septiembre setiembre set settembre setembro",
    "Oct": "oct october okt oktober octobre octubre ott ottobre out outubro",
    "Nov": "nov november novembre noviembre novembro",
    "Dec": "dec dez dezember déc décembre dic diciembre dicembre dezembro december",
}
_ENGLISH = {name: month for month, names in _NAMES.items() for name in names.split()}


def english_months(text: pl.Expr) -> pl.Expr:
    """Write the month that a date names as English does, in three letters; every other text stays.

    German, French, Spanish, Italian, Portuguese, Dutch and Swedish names are known, with or without a stop behind.

    Examples
    --------
    >>> written = pl.DataFrame({"D": ["3 févr. 2021", "Dez-2020", "5-Mar-2021", "soon"]})
    >>> written.select(D=english_months(pl.col("D")))["D"].to_list()
    ['3 Feb 2021', 'Dec-2020', '5-Mar-2021', 'soon']
    """
    parts = text.str.extract_groups(r"^([^\p{L}]*)(\p{L}{3,})\.?([^\p{L}]*)$")
    month = parts.struct.field("2").str.to_lowercase().replace_strict(_ENGLISH, default=None, return_dtype=pl.String)
    written = pl.concat_str(parts.struct.field("1"), month, parts.struct.field("3"))
    return pl.coalesce(written, text)
