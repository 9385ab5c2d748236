"""What a successor should read of whoever had the desk before: with whom they spoke last."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.contributions import Handed, Reading
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.search import around
from crm.core.templates import show_date
from crm.interactions.queries import Line, lines_of_author

_DAYS = 180


def last_contacts(session: Session, actor: Actor, user_id: UUID) -> list[Reading]:
    since = actor.today - timedelta(days=_DAYS)
    return [
        Reading(_whom(line), f"/interactions/{line.interaction.id}", _said(line))
        for line in lines_of_author(session, actor, user_id, since)
    ]


def _whom(line: Line) -> str:
    names = _(", ").join(person.kanji or person.full_name for person in line.people)
    return names or str(line.interaction.kind.label)


def _said(line: Line) -> str:
    return f"{show_date(line.interaction.day, 'medium')} {around(line.interaction.text, length=80)}"


CONTACTS = Handed(_l("Contacts of the last half year"), 30, last_contacts)
