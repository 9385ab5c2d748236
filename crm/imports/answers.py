"""An import as the command line prints it: the same for a dry run and a real one."""

from collections.abc import Iterable
from typing import Any

from crm.imports.fields import SHOWN
from crm.imports.matching import Matched
from crm.imports.models import ImportRow, Outcome
from crm.imports.reasons import explain


def answer(file: str, encoding: str | None, rows: Iterable[dict[str, Any]], whole: bool = True) -> dict[str, Any]:
    """Not ``whole``: of a hundred thousand rows only those in trouble are kept."""
    listed, counts = [], {str(outcome): 0 for outcome in Outcome}
    for row in rows:
        counts[row["outcome"]] += 1
        if whole or row["outcome"] == Outcome.UNREADABLE:
            listed.append(row)
    return {"file": file, "encoding": encoding, "rows": listed, "counts": counts}


def matched_row(matched: Matched) -> dict[str, Any]:
    sure = matched.outcome is Outcome.SAME and matched.match_id
    return {
        "row": matched.entry.row,
        "outcome": str(matched.outcome),
        "reason": explain(matched.reason, matched.first_row) or None,
        "person_id": str(matched.match_id) if sure else None,
        "fields": shown(matched.fields),
        "original": matched.entry.original,
    }


def stored_row(row: ImportRow) -> dict[str, Any]:
    sure = row.person_id or (row.match_id if row.outcome is Outcome.SAME else None)
    return {
        "row": row.row,
        "outcome": str(row.outcome),
        "reason": explain(row.reason, row.made.get("first_row")) or None,
        "person_id": str(sure) if sure else None,
        "fields": shown(row.fields),
        "original": row.original,
    }


def shown(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields.get(name) for name in SHOWN}
