"""個人情報ファイル簿: what an office holds about people, printed from the schema itself."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.db import Base
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.templates import show_date, show_number
from crm.people.models import Basis, Holding, Share

KINDS = {
    "name": _l("Names, readings and forms of the name"),
    "identity": _l("Identifiers of researchers, sector, languages"),
    "affiliation": _l("Institution, department, position, place, dates"),
    "interest": _l("Fields of research, what the person offers"),
    "contact": _l("Addresses, phone numbers, web pages"),
    "relation": _l("Relations to other people"),
    "holding": _l("Since when and on what basis the record is held, shares"),
    "consent": _l("Consents: purpose, fields, text, day, channel"),
    "listing": _l("Entry on the PI Map: state, confirmations"),
    "nomination": _l("Nominations"),
    "note": _l("Contacts, follow-ups and notes of the office"),
    "introduction": _l("Introductions and what came of them"),
    "event": _l("Guest lists, answers, attendance and seats at events"),
    "picture": _l("Pictures taken at events, with what is to be seen in them"),
    "needs": _l("Diet and access needs for an event, with consent, deleted within 30 days after it"),
    "correspondence": _l("Letters"),
    "import": _l("Rows of imported lists"),
    "request": _l("Requests for disclosure, correction, suspension and erasure"),
    "history": _l("Journal of changes"),
}
"""What each mark of ``core.columns.personal`` means; a test fails for one without words."""
APART = frozenset({"account"})
"""Data of the office's own staff, another file."""


@dataclass(frozen=True)
class Register:
    """``rows``: heading and content, in the order of the law's list."""

    office: Office
    people: int
    rows: list[tuple[str, str]]


def kinds_in_schema() -> set[str]:
    """Of every column that says that it is personal."""
    marks = (column.info.get("personal") for table in Base.metadata.sorted_tables for column in table.columns)
    return {mark for mark in marks if mark} - APART


def register_of(session: Session, actor: Actor) -> Register:
    office = session.get_one(Office, actor.office_id)
    held = select(col(Holding.basis), func.count()).where(
        col(Holding.office_id) == actor.office_id, col(Holding.until).is_(None)
    )
    bases = [(Basis(basis), number) for basis, number in session.execute(held.group_by(col(Holding.basis)))]
    people = sum(number for _basis, number in bases)
    return Register(office, people, _rows(office, people, bases, _takers(session, actor)))


def _takers(session: Session, actor: Actor) -> list[str]:
    given = select(Office).where(
        col(Office.id).in_(
            select(col(Share.to_office_id)).where(
                col(Share.from_office_id) == actor.office_id, col(Share.withdrawn_at).is_(None)
            )
        )
    )
    return [office.name for office in session.execute(given.order_by(col(Office.position))).scalars()]


def _rows(office: Office, people: int, bases: list[tuple[Basis, int]], takers: list[str]) -> list[tuple[str, str]]:
    comma = _(", ")
    collected = comma.join(str(basis.label) for basis, _number in sorted(bases, key=lambda one: -one[1]))
    present = kinds_in_schema()
    purpose = _("Contact and co-operation with researchers, introductions, and, with consent, public listing")
    scope = _("Researchers abroad with ties to Japan, and their contacts: %(number)s", number=show_number(people))
    return [
        (_("Name of the file"), _("Records of researchers and other people in international exchange")),
        (_("Organ"), office.name),
        (_("Purpose"), purpose),
        (_("Items recorded"), "\n".join(str(words) for kind, words in KINDS.items() if kind in present)),
        (_("People in it"), scope),
        (_("How it is collected"), collected or "–"),
        (
            _("Special-care data"),
            _("Only what guests say about diet and access for an event, with their consent; deleted within 30 days"),
        ),
        (_("Given regularly to"), comma.join([*takers, _("the public, where the person consents (PI Map)")])),
        (_("Requests go to"), comma.join(filter(None, [office.name, office.contact_email]))),
        (_("As of"), show_date(now())),
    ]


def register_document(register: Register) -> dict[str, Any]:
    """Data of ``templates/privacy/own.typ``."""
    [(_heading, title), *rows] = register.rows
    return {
        "language": current_language(),
        "title": _("Register of personal information files"),
        "name": register.office.name,
        "made": show_date(now()),
        "parts": [{"title": title, "columns": [_("Item"), _("Content")], "rows": [list(row) for row in rows]}],
        "none": "–",
    }
