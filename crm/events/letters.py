"""What the guests of an event are told, each in their language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from icalendar import Calendar, vCalAddress
from icalendar import Event as CalendarEvent

from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.dates import day_in, when_in
from crm.core.i18n import GUEST_LANGUAGES, current_language, said_in, speaking
from crm.core.i18n import gettext as _
from crm.core.mail import Letter
from crm.core.templates import show_moment, show_number
from crm.events.models import Event, Guest, HostRole, LetterKind, Mode, ProgrammeItem, Reply
from crm.events.queries.events import Carrier
from crm.events.salutations import Addressed, salutation
from crm.events.wording import Wording, fill

_COMMON_NOUN = re.compile(
    r"(Embassy|Consulate|Permanent Mission|Delegation|Cabinet Office|National Institutes?)\b"
    r"|(University|Institute|School|College|Faculty|Department|Ministry|Office|Agency|Society) (of|for)\b"
    r"|Japan .*\b(Agency|Foundation|Society for\b.*)$"
)
"""Names that are made of common nouns."""


@dataclass(frozen=True)
class Occasion:
    """The event with all that its letters say of it."""

    event: Event
    office: Office
    carriers: Sequence[Carrier]
    programme: Sequence[ProgrammeItem]

    def values(self, language: str) -> dict[str, str]:
        """The fields that are the same for every guest of this language."""
        event = self.event
        with speaking(language, GUEST_LANGUAGES):
            return {
                "event": said_in(event.title, language),
                "when": when_in(event.starts_here, event.ends_here, language),
                "place": self._place(language),
                "venue": said_in(event.place, language) or (_("Online") if event.is_online else ""),
                "access": said_in(event.access, language),
                "dress": said_in(event.dress, language),
                "programme": "\n".join(self._line(item, language) for item in self.programme),
                "answer_by": day_in(event.answer_by, language) if event.answer_by else "",
                "companions": show_number(event.companions) if event.companions else "",
                "host": self._host(),
                "hosts": self._hosts(),
            }

    def _place(self, language: str) -> str:
        """With the word that one may stay at home."""
        place = said_in(self.event.place, language)
        if self.event.mode is Mode.HYBRID and place:
            return _("%(place)s (you may also come online)", place=place)
        return place or (_("Online") if self.event.is_online else "")

    @staticmethod
    def _line(item: ProgrammeItem, language: str) -> str:
        said = (item.starts, said_in(item.title, language), said_in(item.speaker, language))
        return "  ".join(part for part in said if part)

    def _host(self) -> str:
        """As it begins a sentence: English says the consulate, and calls a company by its name."""
        name, english = self.office.name, current_language() not in ("ja", "de", "fr")
        return f"The {name}" if english and _COMMON_NOUN.match(name) else name

    def _hosts(self) -> str:
        lines = [self.office.name]
        for role in HostRole:
            named = [each.name for each in self.carriers if each.host.role is role]
            if named:
                lines.append(_("%(role)s: %(names)s", role=role.label, names=_(", ").join(named)))
        return "\n".join(lines)


def guest_values(guest: Guest, language: str, link: str) -> dict[str, str]:
    made = salutation(Addressed(guest.name, guest.latin, guest.title, guest.partner), language)
    return {"salutation": guest.salutation or made, "name": guest.name, "link": link}


def letter_for(
    guest: Guest, kind: LetterKind, wording: Wording, values: dict[str, str], more: dict[str, Any]
) -> Letter:
    """``more``: ``reply_to``, ``calendar``, ``unsubscribe`` of the letter."""
    subject, body = (fill(text, values) for text in (wording.subject, wording.body))
    to = guest.assistant or guest.email or ""
    return Letter(kind.value, to, guest.name, " ".join(subject.split()), body, guest.language, **more)


def preview_of(occasion: Occasion, guest: Guest, kind: LetterKind, wordings: Mapping[str, Wording]) -> Letter | None:
    """As this guest would get it, with dots for the link; None without a text in their language."""
    if guest.language not in wordings:
        return None
    values = {**occasion.values(guest.language), **guest_values(guest, guest.language, "https://…")}
    return letter_for(guest, kind, wordings[guest.language], values, {})


def offer(guest: Guest, occasion: Occasion, link: str) -> Letter:
    with speaking(guest.language, GUEST_LANGUAGES):
        values = occasion.values(guest.language)
        subject = _("A place has become free: %(event)s", event=values["event"])
        text = _(
            "%(salutation)s\n\n"
            "A place has become free for you at %(event)s (%(when)s). We keep it until %(until)s. Please take it, or "
            "let it go to the next in line, on your personal page:\n\n"
            "%(link)s\n\n"
            "%(hosts)s",
            salutation=guest_values(guest, guest.language, link)["salutation"],
            event=values["event"],
            when=values["when"],
            until=show_moment(guest.offered_until, occasion.event.zone),
            link=link,
            hosts=values["hosts"],
        )
    to = guest.assistant or guest.email or ""
    return Letter("event_offer", to, guest.name, subject, text, guest.language, reply_to=occasion.office.contact_email)


def registered(guest: Guest, occasion: Occasion, link: str) -> Letter:
    """To somebody who has signed up: the link by which they see, change or cancel."""
    with speaking(guest.language, GUEST_LANGUAGES):
        values = occasion.values(guest.language)
        waits = guest.waiting_since is not None
        subject = _("Waiting list: %(event)s", event=values["event"]) if waits else values["event"]
        opening = (
            _("All places have been taken. You are on the waiting list, and we will write when one becomes free.")
            if waits
            else _("Thank you for registering. We look forward to seeing you.")
        )
        text = _(
            "%(salutation)s\n\n"
            "%(opening)s\n\n"
            "%(event)s\n%(when)s\n%(place)s\n\n"
            "See, change or cancel your registration here:\n%(link)s\n\n"
            "%(hosts)s",
            salutation=guest_values(guest, guest.language, link)["salutation"],
            opening=opening,
            event=values["event"],
            when=values["when"],
            place=values["venue"],
            link=link,
            hosts=values["hosts"],
        )
    more = {"reply_to": occasion.office.contact_email, "unsubscribe": f"{link}/stop"}
    calendar = None if waits else calendar_entry(occasion, guest.language, guest.reply)
    return Letter(
        "event_registered", guest.email or "", guest.name, subject, text, guest.language, calendar=calendar, **more
    )


def calendar_entry(occasion: Occasion, language: str, reply: Reply | None = None) -> str:
    """iCalendar (RFC 5545); the address of the online room only for who comes there.

    A later one takes the place of an earlier: the same UID, and a SEQUENCE that each change of the event raises.
    """
    event = occasion.event
    values = occasion.values(language)
    calendar = Calendar()
    calendar.add("prodid", "-//Meguri//events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if event.cancelled_at else "PUBLISH")
    entry = CalendarEvent()
    entry.add("uid", f"{event.id}@meguri")
    entry.add("sequence", event.version)
    entry.add("dtstamp", now())
    if occasion.office.contact_email:
        entry.add("organizer", vCalAddress(f"mailto:{occasion.office.contact_email}"))
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", values["event"])
    entry.add("location", event.online_address if reply is Reply.ONLINE and event.online_address else values["venue"])
    entry.add("description", "\n".join(filter(None, [values["hosts"], values["access"]])))
    if event.cancelled_at:
        entry.add("status", "CANCELLED")
    calendar.add_component(entry)
    text: bytes = calendar.to_ical()
    return text.decode()
