"""Requests under the law to one office, so that its desk has something to do; the people are invented."""

from datetime import timedelta

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.people.models import Holding, Person
from crm.privacy.actions.requests import ask_office, note_request
from crm.privacy.forms import DeskForm, OwnRequestForm
from crm.privacy.models import Channel, RequestKind
from crm.privacy.queries.own import own_data

ADDRESS = "asks@example.org"


def ask_some(session: Session, actor: Actor) -> None:
    """A correction by personal link, and a disclosure on paper whose time runs out soon."""
    held = select(Person).join(Holding).where(Holding.office_id == actor.office_id, col(Person.kanji).is_not(None))
    people = list(session.exec(held.order_by(col(Person.sort_key)).limit(2)))
    if len(people) < 2:
        return
    first, second = people
    wish = OwnRequestForm(
        kind=RequestKind.CORRECTION,
        office_id=actor.office_id,
        reply_to=ADDRESS,
        title="教授",
        words="2026年10月に昇任しました。",
    )
    ask_office(session, own_data(session, first), "ja", wish)
    on_paper = DeskForm(
        kind=RequestKind.DISCLOSURE,
        channel=Channel.PAPER,
        requester=second.kanji or second.full_name,
        received_on=actor.today - timedelta(days=24),
    )
    note_request(session, actor, on_paper)
