"""What goes onto paper: one's own data, and what an office discloses."""

from typing import Any

from crm.core.columns import now
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.templates import show_date
from crm.letters.kinds import KINDS
from crm.people.models import Basis
from crm.privacy.models import Purpose
from crm.privacy.queries.own import Own


def own_document(own: Own) -> dict[str, Any]:
    """Data of ``templates/privacy/own.typ``: parts with a heading and rows of cells."""
    return {
        "language": current_language(),
        "title": _("What is recorded about you"),
        "name": own.name,
        "made": _("As of %(day)s", day=show_date(now())),
        "parts": [
            _part(_("Who holds a record"), [_("Office that holds it"), _("Since"), _("Held as")], _holders(own)),
            _part(_("What it says"), [_("Field"), _("Content"), _("Who sees it")], _facts(own)),
            _part(_("What you allowed"), [_("Purpose"), _("Asked by"), _("Given on"), _("Withdrawn")], _consents(own)),
            _part(_("Letters to you"), [_("Day"), _("Why"), _("Subject")], _letters(own)),
        ],
        "none": _("Nothing"),
    }


def _part(title: str, columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"title": title, "columns": columns, "rows": rows}


def _holders(own: Own) -> list[list[str]]:
    return [
        [office.name, show_date(holding.since, "medium"), str(Basis(holding.basis).label)]
        for holding, office in own.holders
    ]


def _facts(own: Own) -> list[list[str]]:
    everyone = _("every office that holds the record")
    return [[fact.label, fact.value, fact.office.name if fact.office else everyone] for fact in own.facts]


def _consents(own: Own) -> list[list[str]]:
    return [
        [
            str(Purpose(receipt.purpose).label), office.name,
            show_date(receipt.given_at, "medium"), show_date(receipt.withdrawn_at, "medium"),
        ]
        for receipt, office in own.consents
    ]  # fmt: skip


def _letters(own: Own) -> list[list[str]]:
    return [
        [show_date(letter.created_at, "medium"), str(KINDS.get(letter.kind, letter.kind)), letter.subject]
        for letter, _office in own.letters
    ]
