"""How headings and cells are compared: without case, accents, spaces and signs."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["compact", "spoken_word", "without_unit", "words"]

_NUMBER = re.compile(r"\bn ?[°º]", re.IGNORECASE)
_WHOLE = str.maketrans(
    {"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "Ae"}
)
"""Letters that are no other letter with an accent, as they are typed without them."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])|(?<=[A-Za-z\d])(?=[\u3041-\u9fff\uac00-\ud7a3])")


def compact(text: str) -> str:
    """Letters and digits of a heading in lower case, without accents, spaces, signs.

    Examples
    --------
    >>> compact("Date de décès"), compact("PD-L1"), compact("患者ID"), compact("Płeć"), compact("Kjønn")
    ('datededeces', 'pdl1', '患者id', 'plec', 'kjonn')
    """
    return "".join(words(text))


def words(text: str) -> list[str]:
    """Words of a heading in lower case and without accents; capitals within a word begin one, as does another script.

    Examples
    --------
    >>> words("TargetLesion2"), words("KRAS突变")
    (['target', 'lesion2'], ['kras', '突变'])
    """
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", _NUMBER.sub("no ", text)).translate(_WHOLE))
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
    plain = unicodedata.normalize("NFKD", text.strip().casefold().translate(_WHOLE))
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c) or ord(c) > 0x3000))
    return re.sub(r"[\s_]+", " ", plain)
