"""席次: tables, and an order of precedence that is proposed by what is known and decided by people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.errors import WrongField
from crm.core.forms import FormModel
from crm.core.i18n import Lazy, current_language
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.places import country_name
from crm.core.templates import show_date
from crm.events.forms import DesksForm
from crm.events.models import Event, Guest
from crm.events.queries.desks import Unreadable, desks_in

HOST_STATE = "JP"
"""Every office here is one of Japan, wherever it stands."""
_RANKS: list[tuple[re.Pattern[str], Lazy]] = [
    (re.compile(r"ambassador|大使(?!館)|botschafter|ambassad", re.IGNORECASE), _l("head of a mission")),
    (
        re.compile(r"minister|大臣|secretary of state|governor|知事|mayor|市長", re.IGNORECASE),
        _l("holder of a public office"),
    ),
    (re.compile(r"president|学長|総長|provost|chancellor|\brector", re.IGNORECASE), _l("head of an institution")),
    (re.compile(r"\bdean\b|director|部長|所長|vice|副", re.IGNORECASE), _l("head of a part of an institution")),
    (re.compile(r"prof|教授", re.IGNORECASE), _l("professor")),
]


class SeatForm(FormModel):
    """Guests for a table (an empty name takes them from it), or one guest's place in the order."""

    ids: Annotated[list[UUID], Field(max_length=500)] = Field(default_factory=list)
    table: Annotated[str, Field(max_length=60)] | None = None
    accept: bool = False
    """Take over the order that is proposed, for those who have none."""


@dataclass(frozen=True)
class Proposed:
    """``basis``: why here; a person may say otherwise at any time."""

    guest: Guest
    number: int
    basis: str


def suggested_order(guests: Sequence[Guest]) -> list[Proposed]:
    """Guests of honour, then by office as their titles say it; between equals, who comes for another country, then by
    the time in post, then by name. A number that somebody gave stands.
    """
    by_hand = str(_l("by hand"))
    fixed = [(one.precedence_there, one.precedence_basis or by_hand, one) for one in guests if one.precedence_there]
    free = sorted((one for one in guests if not one.precedence_there), key=_rank)
    mixed = {_kind(one) for one in free if _is_foreign(one)} & {_kind(one) for one in free if not _is_foreign(one)}
    last = max((number for number, _basis, _guest in fixed), default=0)
    follow = [(last + place, _basis(guest, mixed), guest) for place, guest in enumerate(free, 1)]
    ordered = sorted([*fixed, *follow], key=lambda one: (one[0], one[2].sort_key))
    return [Proposed(guest, number, basis) for number, basis, guest in ordered]


def _kind(guest: Guest) -> int:
    """-1 for a guest of honour, else the place among the titles."""
    if guest.honoured and not guest.substitute:
        return -1
    found = (number for number, (words, _basis) in enumerate(_RANKS) if words.search(guest.title_there or ""))
    return next(found, len(_RANKS))


def _is_foreign(guest: Guest) -> bool:
    """By the country they come for: nobody's nationality is held, and an unknown country claims nothing."""
    return guest.country not in (None, HOST_STATE)


def _rank(guest: Guest) -> tuple[int, bool, str, str]:
    """Between equals, foreign before national, then who took up the post first (着任順), then whose day is unknown."""
    return (
        _kind(guest),
        not _is_foreign(guest),
        str(guest.since_there or "9999"),
        guest.sort_key,
    )


def _basis(guest: Guest, mixed: set[int]) -> str:
    """``mixed``: kinds in which foreign and national guests meet, so that it matters."""
    reasons = [_office_of(guest)]
    if _is_foreign(guest) and _kind(guest) in mixed:
        name = country_name(guest.country or "", current_language())
        reasons.append(_("comes for %(country)s: foreign before national between equals", country=name))
    return _("; ").join(reasons)


def _office_of(guest: Guest) -> str:
    kind = _kind(guest)
    if kind < 0:
        return str(_l("guest of honour"))
    said = str(_RANKS[kind][1]) if kind < len(_RANKS) else str(_l("by name"))
    since = show_date(guest.since_there, "medium")
    return str(_l("%(title)s, in this post since %(day)s", title=said, day=since)) if since else said


def seat(session: Session, actor: Actor, event: Event, data: SeatForm) -> int:
    """How many guests were seated, or got a place in the order."""
    mine = select(Guest).where(col(Guest.event_id) == event.id)
    if data.accept:
        every = list(session.execute(mine.where(col(Guest.reply).is_not(None))).scalars())
        changed = [
            one
            for one in suggested_order([g for g in every if g.comes])
            if not one.guest.precedence and not one.guest.substitute
        ]
        for one in changed:
            one.guest.precedence, one.guest.precedence_basis = one.number, one.basis
    else:
        guests = list(session.execute(mine.where(col(Guest.id).in_(data.ids))).scalars())
        changed = [guest for guest in guests if guest.seat_at != data.table]
        for guest in guests:
            guest.seat_at = data.table
    session.flush()
    if changed:
        record(session, actor, "seated", event, {"people": len(changed)})
    return len(changed)


def set_desks(session: Session, actor: Actor, event: Event, data: DesksForm) -> None:
    try:
        desks_in(data.lines())
    except Unreadable as fault:
        said = _l("This line cannot be read: %(line)s. Write it like A: A–K, あ–さ.", line=str(fault))
        raise WrongField("desks", said) from fault
    event.desks = data.lines()
    session.flush()
    record(session, actor, "changed", event, {"desks": len(event.desks)})
