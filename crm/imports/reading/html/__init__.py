"""Web pages: tables, or entries that repeat under headings."""

from crm.imports.reading.html.page import read_html

__all__ = ["read_html"]
