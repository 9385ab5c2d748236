"""The addressee on paper, in the form of the letter's language, and envelopes for invitations by post."""

import re
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.models import Office
from crm.core.i18n import GUEST_LANGUAGES, current_language, speaking
from crm.core.i18n import gettext as _
from crm.events.models import Event, Guest
from crm.events.salutations import Addressed, salutation
from crm.people.models import ContactKind, ContactPoint, ContactState

_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def addressee(guest: Guest, address: str = "") -> list[str]:
    """A Japanese address goes before the name, which comes last with its 様 or 先生; others go from small to large."""
    below = [line for line in address.splitlines() if line.strip()]
    if guest.language == "ja":
        names = salutation(Addressed(guest.name, guest.latin, guest.title, guest.partner), "ja").split("\n")
        above = below if _JAPANESE.search(address) else []
        return _filled(*above, guest.institution, guest.title, *names, *([] if above else below))
    return _filled(guest.latin or guest.name, guest.partner, guest.title, guest.institution, *below)


def _filled(*lines: str | None) -> list[str]:
    return [line for line in lines if line]


def envelopes(session: Session, event: Event, guests: Sequence[Guest]) -> dict[str, Any]:
    """Data of ``templates/events/envelopes.typ``."""
    office = session.get_one(Office, event.office_id)
    known = _addresses(session, office.id, {guest.person_id for guest in guests if guest.person_id})
    made = []
    for guest in guests:
        address = known.get(guest.person_id, "") if guest.person_id else ""
        with speaking(guest.language, GUEST_LANGUAGES):
            made.append({"language": guest.language, "sender": office.name, "to": addressee(guest, address)})
    return {"language": current_language(), "title": _("Envelopes: %(event)s", event=event.name), "envelopes": made}


def _addresses(session: Session, office_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """Where the office's own letters go."""
    points = select(col(ContactPoint.person_id), col(ContactPoint.value)).where(
        col(ContactPoint.office_id) == office_id,
        col(ContactPoint.kind) == ContactKind.POST,
        col(ContactPoint.state) == ContactState.OK,
        col(ContactPoint.person_id).in_(ids),
    )
    found: dict[UUID, str] = {}
    for person_id, value in session.execute(points.order_by(col(ContactPoint.id))):
        found.setdefault(person_id, value)
    return found
