"""Planning: the event, who carries it, its programme."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select, update
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.accounts.queries import offices_beside
from crm.core.dates import moment_in
from crm.core.errors import Missing, Refused, WrongField
from crm.core.i18n import is_language
from crm.core.i18n import lazy_gettext as _l
from crm.events.actions.waiting import settle_offers
from crm.events.forms import CopyForm, EventForm, HostForm, ItemForm
from crm.events.models import Event, EventHost, Guest, LetterText, ProgrammeItem, SurveyQuestion
from crm.events.models.guests import new_code
from crm.events.queries.events import programme_of
from crm.events.questionnaire import lines_together

_TAKEN_OVER = {
    "title", "text", "place", "access", "dress", "initiative", "mode", "admission", "online_address", "languages",
    "venue_capacity", "online_capacity", "companions", "asks_needs", "asks_photo", "questions", "zone", "budget",
    "desks", "takes_interest", "asks_pass",
}  # fmt: skip


def add_event(session: Session, actor: Actor, data: EventForm) -> Event:
    event = Event(office_id=actor.office_id, author_id=actor.user_id, **_values(data))
    session.add(event)
    session.flush()
    record(session, actor, "added", event, {"title": next(iter(event.title.values()))})
    return event


def change_event(session: Session, actor: Actor, event: Event, data: EventForm) -> Event:
    """Refused when somebody else has saved it since the editor opened it."""
    session.refresh(event, with_for_update=True)
    if data.version != event.version:
        raise Refused(_l("Somebody else changed this record while you were editing it."))
    changes = change(event, _values(data))
    # Whoever was to be written to in a language that is gone gets the first that there is.
    elsewhere = (col(Guest.event_id) == event.id) & col(Guest.language).not_in(event.languages)
    session.execute(update(Guest).where(elsewhere).values(language=event.languages[0]))
    session.flush()
    settle_offers(session, event)
    if changes:
        record(session, actor, "changed", event, dict.fromkeys(changes, ""))
    return event


def _values(data: EventForm) -> dict[str, Any]:
    if not data.title:
        raise WrongField("title", _l("Please give a title in at least one language."))
    if data.zone not in available_timezones():
        raise WrongField("zone", _l("Please choose one of the options."))
    starts, ends = (moment_in(name, getattr(data, name), data.zone) for name in ("starts", "ends"))
    if ends <= starts:
        raise WrongField("ends", _l("The end must come after the beginning."))
    until = moment_in("change_until", data.change_until, data.zone) if data.change_until else None
    if data.answer_by and data.answer_by > data.starts.date():
        raise WrongField("answer_by", _l("Answers must come before the event."))
    if not data.languages:
        raise WrongField("languages", _l("Please choose at least one language."))
    if not all(is_language(code) for code in data.languages):
        raise WrongField("languages", _l("Please choose one of the options."))
    columns = data.model_dump(include=_TAKEN_OVER - {"questions"})
    return {
        **columns, "starts_at": starts, "ends_at": ends, "change_until": until, "answer_by": data.answer_by,
        "is_public": data.is_public, "questions": _questions(data.questions),
    }  # fmt: skip


def _questions(said: dict[str, str]) -> list[dict[str, str]]:
    """Lines of the same number in each language are one question."""
    questions = lines_together(said)
    if questions is None:
        raise WrongField("questions", _l("Please write the same number of questions in each language."))
    if len(questions) > 9:
        raise WrongField("questions", _l("At most nine questions can be asked."))
    return questions


def _touch(event: Event) -> None:
    """Who carries it and its programme are part of the event: its version says so, also to those who keep its page."""
    flag_modified(event, "title")


def add_host(session: Session, actor: Actor, event: Event, data: HostForm) -> EventHost:
    if data.office is None and not data.name:
        raise WrongField("office", _l("Please choose an office, or write the name of a body outside."))
    if data.office and str(data.office) not in dict(offices_beside(session, actor)):
        raise WrongField("office", _l("Please choose one of the options."))
    host = EventHost(
        event_id=event.id, office_id=data.office, name=data.name, role=data.role,
        may_edit=data.may_edit and data.office is not None,
    )  # fmt: skip
    session.add(host)
    _touch(event)
    session.flush()
    record(session, actor, "changed", event, {"offices": str(data.office or "")})
    return host


def change_host(session: Session, actor: Actor, event: Event, host: EventHost, data: HostForm) -> EventHost:
    """Which office it is stays: another one is another co-host."""
    if host.office_id is None and not data.name:
        raise WrongField("name", _l("Please choose an office, or write the name of a body outside."))
    host.name, host.role = data.name, data.role
    host.may_edit = data.may_edit and host.office_id is not None
    _touch(event)
    session.flush()
    record(session, actor, "changed", event, {"offices": str(host.office_id or "")})
    return host


def host_of(session: Session, event: Event, host_id: UUID) -> EventHost:
    host = session.get(EventHost, host_id)
    if host is None or host.event_id != event.id:
        raise Missing()
    return host


def remove_host(session: Session, actor: Actor, event: Event, host_id: UUID) -> None:
    session.delete(host_of(session, event, host_id))
    _touch(event)
    session.flush()
    record(session, actor, "changed", event, {"offices": ""})


def add_item(session: Session, actor: Actor, event: Event, data: ItemForm) -> ProgrammeItem:
    if not data.title:
        raise WrongField("title", _l("Please give a title in at least one language."))
    last = select(func.max(col(ProgrammeItem.place))).where(col(ProgrammeItem.event_id) == event.id)
    item = ProgrammeItem(
        event_id=event.id, place=(session.execute(last).scalar() or 0) + 1,
        starts=_printed(data), title=data.title, speaker=data.speaker,
    )  # fmt: skip
    session.add(item)
    _touch(event)
    session.flush()
    record(session, actor, "changed", event, {"programme": ""})
    return item


def change_item(session: Session, actor: Actor, event: Event, item: ProgrammeItem, data: ItemForm) -> ProgrammeItem:
    if not data.title:
        raise WrongField("title", _l("Please give a title in at least one language."))
    item.starts, item.title, item.speaker = _printed(data), data.title, data.speaker
    _touch(event)
    session.flush()
    record(session, actor, "changed", event, {"programme": ""})
    return item


def _printed(data: ItemForm) -> str:
    return data.starts.zfill(5) if data.starts else ""


def remove_item(session: Session, actor: Actor, event: Event, item_id: UUID) -> None:
    session.delete(item_of(session, event, item_id))
    _touch(event)
    session.flush()
    record(session, actor, "changed", event, {"programme": ""})


def raise_item(session: Session, actor: Actor, event: Event, item_id: UUID) -> None:
    """One place further up."""
    items = programme_of(session, event)
    at = items.index(item_of(session, event, item_id))
    if at:
        items.insert(at - 1, items.pop(at))
        for place, item in enumerate(items, 1):
            item.place = place
        _touch(event)
        session.flush()
        record(session, actor, "changed", event, {"programme": ""})


def item_of(session: Session, event: Event, item_id: UUID) -> ProgrammeItem:
    item = session.get(ProgrammeItem, item_id)
    if item is None or item.event_id != event.id:
        raise Missing()
    return item


def copy_event(session: Session, actor: Actor, old: Event, data: CopyForm) -> Event:
    """The same on another day, with its programme, letters, survey and co-hosts; guests without answers."""
    starts = datetime.combine(data.day, old.starts_here.time())
    length = old.ends_at - old.starts_at
    columns = {name: getattr(old, name) for name in _TAKEN_OVER}
    begins = moment_in("day", starts, old.zone)
    new = Event(
        office_id=actor.office_id, author_id=actor.user_id, **columns, starts_at=begins, ends_at=begins + length,
        answer_by=_as_far_before(old, data),
    )  # fmt: skip
    session.add(new)
    session.flush()
    for model in (ProgrammeItem, EventHost, LetterText, SurveyQuestion):
        for row in session.execute(select(model).where(col(model.event_id) == old.id)).scalars():
            session.add(model(**{**row.model_dump(exclude={"id", "created_at", "version"}), "event_id": new.id}))
    if data.guests:
        _copy_guests(session, actor, old, new)
    session.flush()
    record(session, actor, "added", new, {"title": next(iter(new.title.values()))})
    return new


def _as_far_before(old: Event, data: CopyForm) -> Any:
    return data.day - (old.starts_here.date() - old.answer_by) if old.answer_by else None


_KEPT = {
    "office_id", "person_id", "name", "kana", "latin", "title", "institution", "email", "assistant", "partner",
    "salutation", "language", "sort_key", "words", "sector", "reserve", "precedence", "precedence_basis", "post_since",
    "country",
}  # fmt: skip


def _copy_guests(session: Session, actor: Actor, old: Event, new: Event) -> None:
    for guest in session.execute(select(Guest).where(col(Guest.event_id) == old.id)).scalars():
        said = guest.model_dump(include=_KEPT)
        session.add(Guest(**said, event_id=new.id, proposed_by=actor.user_id, code=new_code()))


def here(event: Event, moment: datetime | None) -> str:
    """As a box for a local time holds it."""
    return moment.astimezone(ZoneInfo(event.zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""


def default_times(actor: Actor) -> tuple[str, str]:
    """Six to eight in the evening, four weeks from now."""
    day = actor.today + timedelta(weeks=4)
    return f"{day}T18:00", f"{day}T20:00"
