"""A request under the law, step by step: received, identified, checked for others, decided, carried out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.errors import Forbidden, Missing, Refused, WrongField
from crm.core.i18n import gettext, speaking
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import Letter, LetterState, OutboxLetter, post
from crm.people.actions import change_person
from crm.people.actions.erase import erase_parts, erase_person
from crm.people.forms import PersonForm
from crm.people.keys import refresh_search_keys
from crm.people.models import ContactPoint, ContactState, Origin, Person, Share, Source
from crm.people.queries.record import record_of
from crm.people.queries.visible import holding_of, visible_person
from crm.privacy.actions.consents import end_consents
from crm.privacy.forms import (
    CORRECTABLE,
    DecisionForm,
    DeskForm,
    ExtendForm,
    IdentityForm,
    OthersForm,
    OwnRequestForm,
)
from crm.privacy.grounds import GROUNDS
from crm.privacy.letters import decided, extended, received
from crm.privacy.models import Channel, Decision, LegalHold, RequestKind, RightsRequest
from crm.privacy.parts import granted, parts_of
from crm.privacy.queries.own import Own

_BY_LINK = (RequestKind.CORRECTION, RequestKind.SUSPENSION)
"""For these, whoever reads the person's mail has shown enough; for the others the desk looks at papers."""


@dataclass(frozen=True)
class Rules:
    """What the rooms above do: ``withdrawal`` and ``erasure`` of ``core.contributions.Room``; key of the tombstones."""

    withdrawal: Sequence[Any]
    erasure: Sequence[Any]
    key: bytes


def ask_office(session: Session, own: Own, language: str, data: OwnRequestForm) -> RightsRequest:
    """By the person, at their own door, of one of the offices that hold the record."""
    office = next((office for office in own.offices if office.id == data.office_id), None)
    if office is None:
        raise WrongField("office_id", _l("Please choose one of the offices."))
    words = own.person.as_words()
    wishes = {name: getattr(data, name) for name in CORRECTABLE if getattr(data, name)}
    wishes = {name: value for name, value in wishes.items() if value != words.get(name)}
    if data.kind == RequestKind.CORRECTION and not (wishes or data.words):
        raise WrongField("words", _l("Please write what is wrong, or fill in how it should be."))
    today = now().date()
    identified = data.kind in _BY_LINK
    request = RightsRequest(
        office_id=office.id, person_id=own.person.id, kind=data.kind, channel=Channel.WEB, requester=own.name,
        reply_to=data.reply_to, language=language, words=data.words, received_on=today,
        wishes=wishes if data.kind == RequestKind.CORRECTION else {},
        identified_on=today if identified else None, identified_by="link" if identified else None,
    )  # fmt: skip
    session.add(request)
    session.flush()
    record(session, None, "received", request, {"kind": data.kind})
    _write(session, request, received(request, office))
    return request


def note_request(session: Session, actor: Actor, data: DeskForm) -> RightsRequest:
    """One that came on paper, at the counter or by mail."""
    if data.received_on > actor.today:
        raise WrongField("received_on", _l("This day has not come yet."))
    request = RightsRequest(**data.model_dump(), office_id=actor.office_id)
    request.reply_to = data.reply_to or ""
    session.add(request)
    session.flush()
    record(session, actor, "received", request, {"kind": data.kind})
    _write(session, request, received(request, session.get_one(Office, actor.office_id)))
    return request


def own_request(session: Session, actor: Actor, request_id: UUID, version: int | None = None) -> RightsRequest:
    """Missing for another office's; with a version, locked, and Refused when somebody was quicker."""
    wanted = select(RightsRequest).where(RightsRequest.id == request_id, RightsRequest.office_id == actor.office_id)
    request = session.exec(wanted if version is None else wanted.with_for_update()).first()
    if request is None:
        raise Missing()
    if version is not None and request.version != version:
        raise Refused(_l("Somebody else changed this request in the meantime. Please look again."))
    return request


def identify(session: Session, actor: Actor, request_id: UUID, data: IdentityForm) -> None:
    request = _open(session, actor, request_id, data.version)
    person = visible_person(session, actor, data.person_id)
    if holding_of(session, actor, person.id) is None:
        raise Forbidden(_l("Your office does not hold this record."))
    request.person_id, request.identified_on, request.identified_by = person.id, actor.today, data.identified_by
    request.fee = data.fee
    record(session, actor, "identified", request, {"by": data.identified_by})


def check_others(session: Session, actor: Actor, request_id: UUID, data: OthersForm) -> None:
    request = _open(session, actor, request_id, data.version)
    request.others_checked_on, request.others_note = actor.today, data.others_note
    record(session, actor, "checked", request)


def extend(session: Session, actor: Actor, request_id: UUID, data: ExtendForm) -> None:
    """Once, by thirty days, and the person is told why."""
    request = _open(session, actor, request_id, data.version)
    if request.extended_on:
        raise Refused(_l("The time has been extended already."))
    request.extended_on, request.extended_why = actor.today, data.extended_why
    record(session, actor, "extended", request, {"until": request.due})
    _write(session, request, extended(request, session.get_one(Office, actor.office_id)))


def decide(session: Session, actor: Actor, request_id: UUID, data: DecisionForm) -> None:
    """A refusal, also in part, says on which grounds. Nothing is granted to somebody who has not been identified."""
    request = _open(session, actor, request_id, data.version)
    grants = data.decision in (Decision.GRANTED, Decision.PARTLY)
    if grants and request.step == "identify":
        raise WrongField("decision", _l("First note who is asking, and by what you know it."))
    if grants and request.kind == RequestKind.DISCLOSURE and request.others_checked_on is None:
        raise WrongField("decision", _l("First check whether the record speaks of other people."))
    if data.decision in (Decision.PARTLY, Decision.REFUSED) and not data.grounds:
        raise WrongField("grounds", _l("Please choose at least one ground."))
    if data.decision == Decision.PARTLY and (parts := parts_of(request)):
        if not data.parts or not set(data.parts) <= parts.keys():
            raise WrongField("parts", _l("Please tick what is granted."))
        request.parts = data.parts
    request.decision, request.decided_on = data.decision, actor.today
    request.grounds, request.reasons = data.grounds, data.reasons
    session.flush()
    record(session, actor, "ruled", request, {"decision": data.decision, "grounds": data.grounds})
    with speaking(request.language):
        said = [gettext("Granted: %(what)s", what=gettext(granted(request)[name].message)) for name in request.parts]
        grounds = [*said, *(gettext(GROUNDS[code].message) for code in data.grounds)]
    _write(session, request, decided(request, session.get_one(Office, actor.office_id), grounds, actor.today))


def carry_out(session: Session, actor: Actor, request_id: UUID, rules: Rules, version: int) -> RightsRequest:
    request = own_request(session, actor, request_id, version)
    if request.step != "carry_out" or request.person_id is None:
        raise Refused(_l("There is nothing to carry out now."))
    person = visible_person(session, actor, request.person_id)
    parts = granted(request)
    if request.kind == RequestKind.CORRECTION:
        _correct(session, actor, person, {name: request.wishes[name] for name in parts})
    elif request.kind == RequestKind.SUSPENSION:
        _suspend(session, actor, person, rules, parts)
    elif request.kind == RequestKind.ERASURE:
        left = _erase(session, actor, person, rules, None if request.decision == Decision.GRANTED else parts)
        request = own_request(session, actor, request_id)
        request.left_over = left
    request.carried_out_on = actor.today
    session.flush()
    record(session, actor, "carried_out", request)
    return request


def take_copy(session: Session, actor: Actor, request_id: UUID) -> UUID:
    """Whose copy may be taken: only for a request for disclosure of somebody identified. It stands in the journal."""
    request = own_request(session, actor, request_id)
    if request.kind != RequestKind.DISCLOSURE or request.person_id is None or request.identified_on is None:
        raise Refused(_l("First note who is asking, and by what you know it."))
    person = visible_person(session, actor, request.person_id)
    record(session, actor, "copied", request)
    return person.id


def _refuse_held(session: Session, actor: Actor, person: Person) -> None:
    standing = select(LegalHold).where(LegalHold.person_id == person.id, LegalHold.office_id == actor.office_id)
    if session.exec(standing.where(col(LegalHold.ended_at).is_(None))).first():
        raise Refused(_l("This record is on hold and cannot be erased now."))


def _open(session: Session, actor: Actor, request_id: UUID, version: int) -> RightsRequest:
    request = own_request(session, actor, request_id, version)
    if request.decision:
        raise Refused(_l("This request has been decided already."))
    return request


def _correct(session: Session, actor: Actor, person: Person, wishes: dict[str, Any]) -> None:
    if wishes:
        values = record_of(session, actor, person.id).form_values()
        form = PersonForm.model_validate({**values, **wishes, "version": person.version})
        change_person(session, actor, person, form, Source(Origin.PERSON))


def _suspend(session: Session, actor: Actor, person: Person, rules: Rules, parts: Collection[str]) -> None:
    """The office writes to this person no more, shows them to nobody, and rests on no consent of theirs."""
    if "addresses" in parts:
        theirs = ContactPoint.person_id == person.id, ContactPoint.office_id == actor.office_id
        for point in session.exec(select(ContactPoint).where(*theirs)):
            point.state = ContactState.DO_NOT_USE
    if "shares" in parts:
        given = select(Share).where(Share.person_id == person.id, Share.from_office_id == actor.office_id)
        for share in session.exec(given.where(col(Share.withdrawn_at).is_(None))):
            share.withdrawn_at = now()
    if "consents" in parts:
        end_consents(session, actor, person.id, actor.office_id, rules.withdrawal)
    refresh_search_keys(session, [person.id])
    record(session, actor, "suspended", person)


def _erase(session: Session, actor: Actor, person: Person, rules: Rules, parts: Collection[str] | None) -> list[str]:
    """The letter that tells the decision stays until it has left. ``parts``: None for all."""
    _refuse_held(session, actor, person)
    letters = update(OutboxLetter).where(
        col(OutboxLetter.person_id) == person.id,
        col(OutboxLetter.office_id) == actor.office_id,
        col(OutboxLetter.kind).startswith("rights_"),
        col(OutboxLetter.state) != LetterState.SENT,
    )
    session.execute(letters.values(person_id=None, forget_when_sent=True))
    if parts is None or "consents" in parts:
        end_consents(session, actor, person.id, actor.office_id, rules.withdrawal)
    if parts is None:
        return erase_person(session, actor, person, rules.key, rules.erasure)
    return erase_parts(session, actor, person, set(parts) - {"consents"})


def _write(session: Session, request: RightsRequest, letter: Letter) -> None:
    if request.reply_to:
        post(session, letter, office_id=request.office_id, person_id=request.person_id)
