"""What became of every row, with its original cells, for a spreadsheet."""

from collections.abc import Iterable

from crm.core.i18n import gettext as _
from crm.core.tables import csv_text
from crm.imports.models import ImportRow
from crm.imports.reading.errors import sentence
from crm.imports.reasons import explain


def report(rows: Iterable[ImportRow]) -> bytes:
    """CSV in UTF-8 with a byte order mark, so that spreadsheet programs know the encoding."""
    listed = list(rows)
    headings = list(dict.fromkeys(heading for row in listed for heading in row.original))
    head = [_("Sheet"), _("Row"), _("Outcome"), _("Why"), _("Decision"), _("State"), *headings]
    told = ((*_about(row), *(row.original.get(one, "") for one in headings)) for row in listed)
    return csv_text([head, *told]).encode("utf-8", "replace")


def _about(row: ImportRow) -> tuple[str, ...]:
    why = [explain(row.reason, row.made.get("first_row")), *(str(sentence(doubt)) for doubt in row.doubts)]
    applied = _("Applied") if row.person_id else _("Not applied")
    elsewhere = [_("Known elsewhere")] if row.known_elsewhere else []
    return (
        row.sheet,
        str(row.row),
        str(row.outcome.label),
        " ".join(part for part in [*why, *elsewhere] if part),
        str(row.decision.label),
        applied,
    )
