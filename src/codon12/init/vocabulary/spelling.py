"""How headings and cells are compared: without case, accents, spaces and signs."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["compact", "spoken_word", "without_unit", "words"]

_NUMBER = re.compile(r"\bn ?[°º]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")


def compact(text: str) -> str:
    """Letters and digits of a heading in lower case, without accents, spaces, signs.

    Examples
    --------
    >>> compact("Date de décès"), compact("PD-L1"), compact("患者ID")
    ('datededeces', 'pdl1', '患者id')
    """
    return "".join(words(text))


def words(text: str) -> list[str]:
    """Words of a heading in lower case and without accents; capitals within a word begin one."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", _NUMBER.sub("no ", text)).replace("ß", "ss"))
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c) or ord(c) > 0x3000))
    return re.findall(r"[^\W_]+", plain.lower())


def without_unit(heading: str) -> str:
    """A heading without what stands in brackets.

    Examples
    --------
    >>> without_unit("PDL1_TPS(%)"), without_unit("OS [Monate]")
    ('PDL1_TPS', 'OS ')
    """
    return re.sub(r"[\(\[\{（［][^\)\]\}）］]*[\)\]\}）］]", "", heading)


def spoken_word(text: str) -> str:
    """A cell as words are compared: lower case, without accents, one space between."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c) or ord(c) > 0x3000))
    return re.sub(r"[\s_]+", " ", plain)
