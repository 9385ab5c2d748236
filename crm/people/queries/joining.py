"""What comes along when two records become one, told before it happens; which shares would show more then, and end."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS
from crm.core.contributions import Joined
from crm.core.errors import Refused
from crm.core.i18n import gettext as _
from crm.people.models import Person, Share
from crm.people.queries.tags import tags_on
from crm.people.queries.visible import IN_FORCE, holding_of

_GIVEN = (
    select(Share, Office)
    .join(Office, col(Office.id) == col(Share.to_office_id))
    .where(col(Share.person_id).in_(IDS), col(Share.from_office_id) == OFFICE, IN_FORCE)
    .order_by(col(Share.id))
)


def refusal(session: Session, rules: Sequence[Any], kept: Person, lost: Person) -> str:
    """What must be settled before the two can become one; empty where nothing must."""
    try:
        for rule in rules:
            rule(session, kept, lost)
    except Refused as refused:
        return str(refused)
    return ""


def joined_by(session: Session, actor: Actor, kept_id: UUID, lost_id: UUID) -> list[Joined]:
    """The note, the tags and the shares of the actor's own office."""
    return [_note(session, actor, kept_id, lost_id), _tags(session, actor, kept_id, lost_id),
            _shares(session, actor, kept_id, lost_id)]  # fmt: skip


def joined_note(here: str | None, there: str | None) -> str | None:
    """Both, where they say different things."""
    return "\n\n".join(dict.fromkeys(note for note in (here, there) if note)) or None


def that_would_show_more(session: Session, actor: Actor, kept_id: UUID, lost_id: UUID) -> list[Share]:
    """Shares in force of the one record, where the same office is not shown the same of the other."""
    of: dict[UUID, list[Share]] = {kept_id: [], lost_id: []}
    for share, _office in session.execute(_GIVEN, {**seen_by(actor), "ids": [kept_id, lost_id]}):
        of[share.person_id].append(share)
    covered = [{(share.to_office_id, share.facet) for share in shares} for shares in of.values()]
    both = covered[0] & covered[1]
    return [share for shares in of.values() for share in shares if (share.to_office_id, share.facet) not in both]


def _note(session: Session, actor: Actor, kept_id: UUID, lost_id: UUID) -> Joined:
    holdings = (holding_of(session, actor, id) for id in (kept_id, lost_id))
    mine, theirs = ([holding.note] if holding and holding.note else [] for holding in holdings)
    then = _("Both stand, one below the other.") if mine and theirs and mine != theirs else _("It stands.")
    return Joined(_("Your office’s note"), mine, theirs, then)


def _tags(session: Session, actor: Actor, kept_id: UUID, lost_id: UUID) -> Joined:
    mine, theirs = ([tag.name for tag in tags_on(session, actor, id)] for id in (kept_id, lost_id))
    return Joined(_("Tags"), mine, theirs, _("All stand."))


def _shares(session: Session, actor: Actor, kept_id: UUID, lost_id: UUID) -> Joined:
    given = session.execute(_GIVEN, {**seen_by(actor), "ids": [kept_id, lost_id]}).all()
    mine, theirs = (
        [_("%(office)s: %(what)s", office=office.name, what=share.facet.name_alone) for share, office in given
         if share.person_id == id] for id in (kept_id, lost_id)
    )  # fmt: skip
    then = (
        _("They end, for they would show the other office more than it was shown. Share the merged record anew.")
        if that_would_show_more(session, actor, kept_id, lost_id)
        else _("They stand.")
    )
    return Joined(_("Shares with other offices"), mine, theirs, then)
