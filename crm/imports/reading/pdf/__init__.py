"""PDF: ruled tables, tables without rules, and entries in running text. Imported by the limited process only."""

from crm.imports.reading.pdf.document import read_pdf

__all__ = ["read_pdf"]
