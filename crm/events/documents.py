"""Paper of an event: guest list, badges, cards for those without e-mail. The report is in ``reports``."""

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import segno
from sqlalchemy import select
from sqlmodel import Session, col

from crm.core.dates import when_in
from crm.core.i18n import GUEST_LANGUAGES, current_language, ngettext, speaking
from crm.core.i18n import gettext as _
from crm.core.templates import show_date, show_number
from crm.events.actions.seating import Proposed, suggested_order
from crm.events.actions.sending import occasion_of
from crm.events.envelopes import addressee
from crm.events.letters import Occasion, guest_values
from crm.events.models import Companion, Event, Guest, GuestPass, LetterKind
from crm.events.models.guests import called
from crm.events.queries.desks import Desk, by_desk
from crm.events.queries.guests import STATES
from crm.events.queries.needs import Asked, Same, careful, deleted_by
from crm.events.queries.sending import wordings_of
from crm.events.wording import fill


def qr_svg(text: str) -> str:
    """For Typst, which draws SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, xmldecl=False, nl=False)
    return out.getvalue().decode()


def guests_for_paper(session: Session, event: Event, *, by: str = "name") -> list[Guest]:
    """Those who come to the venue."""
    orders: dict[str, list[Any]] = {
        "name": [col(Guest.sort_key)],
        "precedence": [col(Guest.precedence).is_(None), col(Guest.precedence), col(Guest.sort_key)],
        "table": [col(Guest.seat_at).is_(None), col(Guest.seat_at), col(Guest.precedence), col(Guest.sort_key)],
    }
    mine = select(Guest).where(col(Guest.event_id) == event.id, STATES["in_person"])
    return list(session.execute(mine.order_by(*orders.get(by, orders["name"]), col(Guest.id))).scalars())


def guest_list(
    event: Event, guests: Sequence[Guest], companions: dict[UUID, list[Companion]], by: str = "name"
) -> dict[str, Any]:
    """Data of ``templates/events/guest_list.typ``: one table, or one for each reception desk, for each dinner table."""
    order = {one.guest.id: one for one in suggested_order(guests)} if by == "precedence" else {}
    if order:
        guests = [one.guest for one in order.values()]
    return {
        "language": current_language(),
        "title": _("Guest list: %(event)s", event=event.name),
        "subtitle": f"{when_in(event.starts_here, event.ends_here, current_language())}  {event.where}",
        "number": _people(guests),
        "columns": ["", _("Name"), _("Institution"), _("Places"), _("Table"), _("Order"), _("Came")],
        "sheets": by == "desk",
        "parts": [
            {
                "heading": heading,
                "number": _people(some),
                "rows": [_row(one, companions.get(one.id, ()), order.get(one.id)) for one in some],
            }
            for heading, some in _parts(event, guests, by)
        ],
    }


def _people(guests: Sequence[Guest]) -> str:
    return ngettext("%(num)s person", "%(num)s people", sum(guest.places for guest in guests))


def _parts(event: Event, guests: Sequence[Guest], by: str) -> list[tuple[str, Sequence[Guest]]]:
    if by == "table":
        tables = groupby(guests, lambda guest: guest.seat_at)
        return [(_("Table %(name)s", name=name) if name else _("Without a table"), list(some)) for name, some in tables]
    if by != "desk" or not event.desks:
        return [("", guests)]
    desks, others = by_desk(event.desks, guests)
    parts: list[tuple[str, Sequence[Guest]]] = [(_desk_name(desk), desk.guests) for desk in desks]
    return [*parts, (_("No desk"), others)] if others else parts


def _desk_name(desk: Desk) -> str:
    return _("Desk %(name)s (%(letters)s)", name=desk.name, letters=desk.said or _("everybody else"))


def _row(guest: Guest, companions: Sequence[Companion], proposed: Proposed | None) -> list[str]:
    """With its basis where it stands by precedence; what is only proposed stands in brackets."""
    along = [_("with %(name)s", name=one.name) for one in companions if one.name]
    number = str(guest.precedence_there or (f"({proposed.number})" if proposed else ""))
    return [
        "★" if guest.honoured else "",
        "\n".join(filter(None, [guest.badge_name, guest.reading, *along])),
        "\n".join(filter(None, [guest.institution, guest.title_there, proposed.basis if proposed else ""])),
        show_number(guest.places) if guest.places > 1 else "",
        guest.seat_at or "",
        number,
        "",
    ]


def guard_list(session: Session, event: Event) -> dict[str, Any]:
    """Data of ``templates/events/guards.typ``: for the guards of the venue, as long as it is kept."""
    mine = select(Guest, GuestPass).join(GuestPass, col(GuestPass.guest_id) == col(Guest.id))
    rows = session.execute(mine.where(col(Guest.event_id) == event.id).order_by(col(GuestPass.legal_name)))
    return {
        "language": current_language(),
        "title": _("List for the guards: %(event)s", event=event.name),
        "subtitle": when_in(event.starts_here, event.ends_here, current_language()),
        "columns": [_("Legal name"), _("Institution"), _("Number plate of the car")],
        "rows": [[told.legal_name, guest.institution, told.plate] for guest, told in rows],
    }


def needs_list(event: Event, asked: Sequence[Asked]) -> dict[str, Any]:
    """Data of ``templates/events/needs.typ``: for the caterer and the venue."""
    return {
        "language": current_language(),
        "title": _("For the caterer and the venue: %(event)s", event=event.name),
        "subtitle": f"{when_in(event.starts_here, event.ends_here, current_language())}  {event.where}",
        "note": careful_note(event) if careful(asked) else "",
        "columns": [_("Answer"), _("Guests"), _("Name"), _("Table")],
        "parts": [[one.label, [row for same in one.answers for row in _said_alike(same)]] for one in asked],
    }


def careful_note(event: Event) -> str:
    return _(
        "Given with consent, for this event alone. Destroy every copy by %(day)s; here it is deleted by then.",
        day=show_date(deleted_by(event)),
    )


def _said_alike(same: Same) -> list[list[str]]:
    """The words and their number once, then a line for each who said so."""
    first, *others = [[called(guest), guest.seat_at or ""] for guest in same.guests]
    return [[same.words, show_number(len(same.guests)), *first], *(["", "", *each] for each in others)]


def badges(event: Event, guests: Sequence[Guest], companions: dict[UUID, list[Companion]]) -> dict[str, Any]:
    """Data of ``templates/events/badges.typ``: one for the guest, one for each who comes along."""
    made = []
    for guest in guests:
        qr, said = qr_svg(f"meguri:{guest.code}"), guest.on_badge
        made.append({**said, "place": 0, "qr": qr})
        made += [
            {**said, "name": one.name, "second": "", "place": one.place, "qr": qr}
            for one in companions.get(guest.id, [])
        ]
    title = _("Badges: %(event)s", event=event.name)
    return {"language": current_language(), "title": title, "event": event.name, "badges": made, "single": False}


def guest_pass(occasion: Occasion, guest: Guest, companions: Sequence[str], language: str) -> dict[str, Any]:
    """Data of ``templates/events/pass.typ``."""
    said = occasion.values(language)
    return {
        "language": language,
        "title": f"{said['event']}: {guest.badge_name}",
        "event": said["event"],
        "host": said["host"],
        "lines": [line for line in (said["when"], said["venue"], said["dress"]) if line],
        "name": guest.badge_name,
        "companions": list(companions),
        "qr": qr_svg(f"meguri:{guest.code}"),
        "alt": _("Code for the reception desk"),
    }


def share_card(occasion: Occasion, language: str, site_name: str) -> dict[str, Any]:
    """Data of ``templates/events/share.typ``."""
    said = occasion.values(language)
    with speaking(language, GUEST_LANGUAGES):
        note = _("This event has been cancelled.") if occasion.event.cancelled_at else site_name
    return {
        "language": language,
        "note": note,
        "place": said["venue"],
        **{name: said[name] for name in ("event", "when", "host")},
    }


def with_text(session: Session, event: Event, guests: Sequence[Guest]) -> list[Guest]:
    """Guests in whose language the invitation is written."""
    wordings = wordings_of(session, event, LetterKind.INVITE)
    return [guest for guest in guests if guest.language in wordings]


def cards(session: Session, event: Event, guests: Sequence[Guest], addresses: Sequence[str]) -> dict[str, Any]:
    """Data of ``templates/events/cards.typ``: the invitation on paper, with the personal link as a QR code."""
    occasion = occasion_of(session, event)
    wordings = wordings_of(session, event, LetterKind.INVITE)
    made = []
    for guest, address in zip(guests, addresses, strict=True):
        wording = wordings[guest.language]
        values = {**occasion.values(guest.language), **guest_values(guest, guest.language, address)}
        lines = fill(wording.body, values).split("\n\n")
        made.append({"language": guest.language, "to": addressee(guest), "paragraphs": lines, "qr": qr_svg(address)})
    return {"language": current_language(), "title": _("Invitations: %(event)s", event=event.name), "cards": made}
