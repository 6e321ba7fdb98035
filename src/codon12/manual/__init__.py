"""The manual of this installation: the pages of the documentation, written as HTML that opens from disk."""

from codon12.manual.pages import ManualPage, manual_pages
from codon12.manual.write import find_page, write_manual

__all__ = ["ManualPage", "find_page", "manual_pages", "write_manual"]
