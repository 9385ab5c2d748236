"""Letters of one batch, made and stored at once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.links import link_values
from crm.accounts.models import LinkPurpose, SignedLink
from crm.core.columns import new_id, now
from crm.core.i18n import spoken
from crm.core.mail import Letter, OutboxLetter, outbox_values
from crm.events.actions.pacing import Pace
from crm.events.letters import Occasion, calendar_entry, guest_values, letter_for
from crm.events.models import Admission, Event, Guest, GuestLetter, LetterKind
from crm.events.wording import GUEST_FIELDS, Wording, fill
from crm.people.rows import insert_rows

_AFTER_DAYS = 30
"""A personal page stays open so long after the event."""
_DATED = (LetterKind.INVITE, LetterKind.CORRECTION, LetterKind.CANCELLATION)
"""They carry the event for the guest's calendar, as it stands now."""


class Writer:
    """Makes the letters of one batch, with a personal link each, and stores them at once as plain rows."""

    def __init__(self, session: Session, actor: Actor | None, occasion: Occasion, base_url: str) -> None:
        self.session, self.actor, self.occasion, self.base_url = session, actor, occasion, base_url
        self.days = days_open(occasion.event)
        self.common: dict[tuple[LetterKind, str], Common] = {}

    def write(self, guests: Sequence[Guest], kind: LetterKind, wordings: dict[str, Wording], pace: Pace) -> None:
        letters, links, sent = [], [], []
        for number, guest in enumerate(guests):
            link, token = link_values(LinkPurpose.EVENT, guest.id, days=self.days, actor=self.actor)
            letter = self.letter(guest, kind, wordings, address_of(self.base_url, guest, token))
            office_id, due_at = self.occasion.event.office_id, pace.due(number)
            row = outbox_values(letter, office_id=office_id, person_id=guest.person_id, due_at=due_at, state=pace.state)
            letters.append(row)
            links.append(link)
            sent.append(sent_values(guest.id, row["id"], kind.value, wordings[guest.language].digest))
        for model, rows in ((OutboxLetter, letters), (SignedLink, links), (GuestLetter, sent)):
            insert_rows(self.session, model, rows)
        if kind is LetterKind.INVITE:
            ids = [guest.id for guest in guests]
            stamped = update(Guest).where(col(Guest.id).in_(ids)).values(invited_at=now())
            self.session.execute(stamped, execution_options={"synchronize_session": False})

    def letter(self, guest: Guest, kind: LetterKind, wordings: dict[str, Wording], address: str) -> Letter:
        """A seminar can be left by one click; the invitation of an ambassador carries no such line."""
        language = guest.language
        if (kind, language) not in self.common:
            self.common[kind, language] = Common(self.occasion, kind, wordings[language], language)
        open_to_all = self.occasion.event.admission is Admission.REGISTRATION
        return self.common[kind, language].letter(guest, address, f"{address}/stop" if open_to_all else None)


class Common:
    """What the letters of one language share, made once."""

    def __init__(self, occasion: Occasion, kind: LetterKind, wording: Wording, language: str) -> None:
        self.kind, self.language, self.reply_to = kind, language, occasion.office.contact_email
        values = occasion.values(language)
        self.wording = Wording(*(fill(text, values, later=GUEST_FIELDS) for text in (wording.subject, wording.body)))
        self.calendar = calendar_entry(occasion, language) if kind in _DATED else None

    def letter(self, guest: Guest, address: str, unsubscribe: str | None) -> Letter:
        more = {"reply_to": self.reply_to, "calendar": self.calendar, "unsubscribe": unsubscribe}
        return letter_for(guest, self.kind, self.wording, guest_values(guest, self.language, address), more)


def sent_values(guest_id: UUID, letter_id: UUID, kind: str, digest: str) -> dict[str, Any]:
    row = {"guest_id": guest_id, "letter_id": letter_id, "kind": kind, "digest": digest}
    return {"id": new_id(), "created_at": now(), **row}


def days_open(event: Event) -> float:
    """How long a personal page stays open from now on."""
    return max(1.0, (event.ends_at - now()) / timedelta(days=1)) + _AFTER_DAYS


def address_of(base_url: str, guest: Guest, token: str) -> str:
    """Of the page where one answers, in the guest's language."""
    return f"{base_url}/{spoken(guest.language)}/invitation/{token}"
