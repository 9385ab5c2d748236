"""Letters with a wrong text that have not left: each is written anew, in its place, as text and event are now."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.acting import actor_for
from crm.accounts.links import link_values
from crm.accounts.models import LinkPurpose, SignedLink
from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.work import JobRun
from crm.events.actions.pacing import ANEW, is_held
from crm.events.actions.sending import BATCH, occasion_of
from crm.events.actions.writing import Writer, address_of
from crm.events.models import Event, Guest, GuestLetter, LetterKind
from crm.events.queries.sending import CORRECTED, wordings_of
from crm.people.rows import insert_rows


def run_rewrite(database: Database, job: JobRun) -> None:
    """Each batch stands by itself, as with sending."""
    said, done = job.payload, 0
    while True:
        with database.writing() as session:
            event = session.get(Event, UUID(said["event"]), with_for_update=True)
            written = rewrite_batch(session, event, said) if event and not event.cancelled_at else 0
        done += written
        job.progress(done, done)
        if not written:
            return


def rewrite_batch(session: Session, event: Event, said: dict[str, Any]) -> int:
    marked = select(GuestLetter, OutboxLetter, Guest).join(Guest, col(Guest.id) == col(GuestLetter.guest_id))
    marked = marked.join(OutboxLetter, col(OutboxLetter.id) == col(GuestLetter.letter_id))
    marked = marked.where(col(Guest.event_id) == event.id, col(GuestLetter.digest).in_(ANEW.values()))
    rows = session.execute(marked.order_by(col(GuestLetter.id)).limit(BATCH)).all()
    actor = actor_for(session, UUID(said["office"]), UUID(said["user"]))
    writer = Writer(session, actor, occasion_of(session, event), said["base_url"])
    wordings = {kind: wordings_of(session, event, kind) for kind in CORRECTED}
    links = []
    for sent, row, guest in rows:
        kind = LetterKind(sent.kind)
        if wording := wordings[kind].get(guest.language):
            link, token = link_values(LinkPurpose.EVENT, guest.id, days=writer.days, actor=actor)
            links.append(link)
            letter = writer.letter(guest, kind, wordings[kind], address_of(writer.base_url, guest, token))
            for name, value in vars(letter).items():
                setattr(row, name, value)
            waits = sent.digest == ANEW[LetterState.QUEUED] and not is_held(event, said)
            row.state = LetterState.QUEUED if waits else LetterState.HELD
        sent.digest = wording.digest if wording else ""
    insert_rows(session, SignedLink, links)
    session.flush()
    return len(rows)
