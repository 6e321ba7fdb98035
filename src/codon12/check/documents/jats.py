"""The text of a journal article in JATS, the XML of PubMed Central: title, abstract, body, tables with captions."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.html import BLOCKS, CAPTION, Page
from codon12.errors import InputError

__all__ = ["jats_text"]

_ARTICLE = re.compile(r"<(?:\w+:)?article[\s>]")
_SILENT = frozenset(
    (
        *("journal-meta", "contrib-group", "aff", "author-notes", "pub-date", "permissions", "history", "ref-list"),
        *("article-id", "article-categories", "volume", "issue", "issue-id", "fpage", "lpage", "elocation-id"),
        *("related-article", "kwd-group", "counts", "custom-meta-group", "funding-group", "self-uri", "ext-link"),
        *("ack", "bio", "glossary", "supplementary-material", "tex-math", "object-id", "app-group", "fn-group"),
        *("alt-title", "trans-title-group", "processing-meta", "ref", "page-count", "copyright-statement", "alt-text"),
        *("sub-article", "response", "script", "style"),
    )
)
"""Elements that are no part of what an article states: who wrote it, where it stands, what it cites."""
_OPENING = frozenset(
    ("sec", "title", "article-title", "abstract", "list-item", "disp-quote", "fig", "statement", "body")
)
_CITES = re.compile(r"\s?(?:\[[\s,;–-]*\]|\((?:[\s,;–-]|see|e\.g\.)*\))")


class _Article(Page):
    """Text of an article; citations are left out, a table opens with its label and caption."""

    CDATA_CONTENT_ELEMENTS = ()  # type: ignore[bad-override]  # of an article no element holds raw text
    RCDATA_CONTENT_ELEMENTS = ()  # type: ignore[bad-override]

    def __init__(self) -> None:
        super().__init__()
        self.wrapped = 0
        """How many table-wrap elements are open."""
        self.words: list[str] | None = None
        """Label and caption of a table, until the table itself begins."""
        self.cites = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "xref" and dict(attrs).get("ref-type") in ("bibr", "corresp", "aff"):
            self.cites += 1
        elif tag == "xref":
            self.cites += self.cites > 0
        elif tag == "table-wrap":
            self.wrapped += 1
            self.words = []
        elif tag == "table":
            self._open_table()
        elif tag in ("table-wrap-foot", "fn") and self.cell is None:
            self.parts.append("\n\n")
        elif tag == "break":
            self.handle_data(" ")
        elif self.words is not None and tag in ("label", "title", "p", "caption"):
            self.words.append(" ")
        elif tag in _OPENING:
            self.parts.append("\n\n")
        elif tag in ("tr", "td", "th", "sup") or (tag in BLOCKS and tag != "caption"):
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "xref":
            self.cites = max(0, self.cites - 1)
        elif tag == "table-wrap":
            if self.words is not None:
                self.parts.append("\n\n" + " ".join("".join(self.words).split()) + "\n\n")
            self.wrapped, self.words = max(0, self.wrapped - 1), None
        elif self.words is not None and tag in ("label", "title"):
            self.words.append(". ")
        elif tag in _OPENING:
            self.parts.append("\n\n")
        elif tag in ("tr", "td", "th", "sup", "table") or tag in BLOCKS:
            super().handle_endtag(tag)

    def _open_table(self) -> None:
        words = re.sub(r"(?:\s*\.)+\s*", ". ", " ".join("".join(self.words or ()).split())).strip()
        self.words = None
        self.tables += 1
        self.hanging = {}
        self.head = len(self.parts)
        self.parts.append(f"\n\n{words if CAPTION.match(words) else f'Table {self.tables}. {words}'.strip()}\n")

    def handle_data(self, data: str) -> None:
        if self.silent or self.cites:
            return
        if self.words is not None:
            self.words.append(data)
        else:
            super().handle_data(data)


def jats_text(given: str, name: str = "text") -> str:
    """Text of an article in JATS: title, abstract, body and tables, without references and citations.

    Raises
    ------
    InputError
        XML that is no journal article.

    Examples
    --------
    >>> jats_text("<article><body><p>In 10 of 40 (25%) <xref ref-type='bibr'>7</xref>.</p></body></article>").strip()
    'In 10 of 40 (25%) .'
    """
    if _ARTICLE.search(given) is None:
        raise InputError(f"{name}: XML, but no journal article (JATS, root element article); save it as text or HTML")
    article = _Article()
    article.feed(given)
    article.close()
    return re.sub(r"\n{3,}", "\n\n", _CITES.sub("", "".join(article.parts)))
