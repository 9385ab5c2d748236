"""Pictures of the report: added, described, put in order, removed. One that nobody has vouched for goes nowhere."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.db import Database
from crm.core.errors import Refused, WrongField
from crm.core.files import Store, keep, sweep_store
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import read_settings
from crm.core.work import JobRun
from crm.events.models import Event, EventPicture, Guest
from crm.events.pictures import Remade, photographs
from crm.events.queries.events import carried_by
from crm.events.queries.pictures import picture_of, pictures_of
from crm.events.report_forms import PictureForm, PicturesForm

MOST_PICTURES = 20
SWEEP = "events:sweep_pictures"


def add_pictures(
    session: Session, actor: Actor, event: Event, store: Store, made: Sequence[Remade], _data: PicturesForm
) -> list[EventPicture]:
    """After those that are there."""
    session.refresh(event, with_for_update=True)
    there = pictures_of(session, event)
    if len(there) + len(made) > MOST_PICTURES:
        raise WrongField("files", _l("A report holds at most %(limit)s photographs.", limit=MOST_PICTURES))
    first = there[-1].place + 1 if there else 1
    added = [
        EventPicture(event_id=event.id, place=place, width=one.width, height=one.height, added_by=actor.user_id)
        for place, one in enumerate(made, first)
    ]
    session.add_all(added)
    _noted(session, actor, event, {"pictures": [len(there), len(there) + len(made)]})
    for picture, one in zip(added, made, strict=True):
        keep(store, picture.id, one.data)
    return added


def describe_picture(session: Session, actor: Actor, event: Event, picture_id: UUID, data: PictureForm) -> None:
    picture = picture_of(session, event, picture_id)
    if picture.version != data.version:
        raise Refused(_l("Somebody else changed this record while you were editing it."))
    alt = {code: text for code, text in data.alt.items() if code in event.languages}
    if data.agreed and len(alt) < len(event.languages):
        why = _l("Please write it in every language of the report; without it the photograph goes into no document.")
        raise WrongField("alt", why)
    picture.caption = {code: text for code, text in data.caption.items() if code in event.languages}
    picture.alt, picture.agreed = alt, data.agreed
    _noted(session, actor, event, {"pictures": {"place": picture.place, "agreed": data.agreed}})


def raise_picture(session: Session, actor: Actor, event: Event, picture_id: UUID) -> None:
    """One place further up. The versions stay: nobody's words have changed."""
    session.refresh(event, with_for_update=True)
    pictures = pictures_of(session, event)
    at = pictures.index(picture_of(session, event, picture_id))
    if at:
        pictures.insert(at - 1, pictures.pop(at))
        for place, picture in enumerate(pictures, 1):
            session.execute(update(EventPicture).where(col(EventPicture.id) == picture.id).values(place=place))
        _noted(session, actor, event, {"pictures": ""})


def remove_picture(session: Session, actor: Actor, event: Event, picture_id: UUID) -> None:
    """The bytes follow when the store is swept."""
    session.delete(picture_of(session, event, picture_id))
    _noted(session, actor, event, {"pictures": ""})


def _noted(session: Session, actor: Actor, event: Event, changes: dict[str, object]) -> None:
    session.flush()
    record(session, actor, "changed", event, changes)


def look_again(session: Session, actor: Actor, person_id: UUID) -> None:
    """Who is erased may be in a picture of an evening: somebody has to look before it goes anywhere again."""
    evenings = select(col(Guest.event_id)).join(Event, col(Event.id) == col(Guest.event_id))
    evenings = evenings.where(col(Guest.person_id) == person_id, carried_by(actor.office_id))
    ticked = update(EventPicture).where(col(EventPicture.event_id).in_(evenings), col(EventPicture.agreed))
    values = {"agreed": False, "version": col(EventPicture.version) + 1}
    session.execute(ticked.values(values), execution_options={"synchronize_session": False})


def sweep_pictures(database: Database, _job: JobRun) -> None:
    """Files without a row."""

    def known(_names: Sequence[str]) -> set[str]:
        with database.reading() as session:
            return {str(id) for id in session.execute(select(col(EventPicture.id))).scalars()}

    sweep_store(photographs(read_settings()), known)
