"""Files of contacts, and messages that wait to be filed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, USER
from crm.core.errors import Missing
from crm.interactions.models import Attachment, IncomingMail, Interaction
from crm.people.queries.known import chunks, reached_by, visible_ids


def files_of(session: Session, interaction_id: UUID) -> list[Attachment]:
    mine = select(Attachment).where(col(Attachment.interaction_id) == interaction_id)
    return list(session.execute(mine.order_by(col(Attachment.id))).scalars())


def file_of(session: Session, interaction_id: UUID, file_id: UUID) -> Attachment:
    found = session.get(Attachment, file_id)
    if found is None or found.interaction_id != interaction_id:
        raise Missing()
    return found


def mail_of(session: Session, actor: Actor, mail_id: UUID, *, locked: bool = False) -> IncomingMail:
    """Only who has dropped it, in the office in which they did."""
    found = session.get(IncomingMail, mail_id, with_for_update=True if locked else None)
    if found is None or (found.user_id, found.office_id) != (actor.user_id, actor.office_id):
        raise Missing()
    return found


def waiting_mails(session: Session, actor: Actor) -> list[IncomingMail]:
    mine = select(IncomingMail).where(
        col(IncomingMail.office_id) == actor.office_id, col(IncomingMail.user_id) == actor.user_id
    )
    return list(session.execute(mine.order_by(col(IncomingMail.id).desc())).scalars())


WAITING_COUNT = (
    select(func.count())
    .select_from(IncomingMail)
    .where(col(IncomingMail.office_id) == OFFICE, col(IncomingMail.user_id) == USER)
    .scalar_subquery()
)


def waiting_as(session: Session, actor: Actor, message_id: str) -> IncomingMail | None:
    mine = select(IncomingMail).where(
        col(IncomingMail.office_id) == actor.office_id,
        col(IncomingMail.user_id) == actor.user_id,
        col(IncomingMail.message_id) == message_id,
    )
    found: IncomingMail | None = session.execute(mine.limit(1)).scalar_one_or_none()
    return found


def people_of_mail(session: Session, actor: Actor, mail: IncomingMail) -> tuple[list[UUID], list[dict[str, str]]]:
    """Whom the office reaches under the addresses, and the addresses under which it reaches nobody."""
    emails = [each["email"] for each in mail.addresses]
    reached = reached_by(session, actor, emails)
    seen = visible_ids(session, actor, {id for ids in reached.values() for id in ids})
    people = [id for email in emails for id in reached.get(email, ()) if id in seen]
    own = {actor.email.lower()}
    unknown = [each for each in mail.addresses if each["email"] not in own and each["email"] not in reached]
    return list(dict.fromkeys(people)), unknown


def filed_before(session: Session, actor: Actor, message_id: str) -> UUID | None:
    """The contact of the office that this message became."""
    if not message_id:
        return None
    same = select(col(Interaction.id)).where(
        col(Interaction.office_id) == actor.office_id, col(Interaction.message_id) == message_id
    )
    return session.execute(same.limit(1)).scalar_one_or_none()


def known_files(session: Session, names: Sequence[str]) -> set[str]:
    """Those of these file names that a row stands for."""
    found: set[str] = set()
    for some in chunks(each for each in names if _is_id(each)):
        rows = select(col(Attachment.id)).where(col(Attachment.id).in_([UUID(each) for each in some]))
        found.update(str(id) for id in session.execute(rows).scalars())
    for files in session.execute(select(col(IncomingMail.files))).scalars():
        found.update(str(each["id"]) for each in files)
    return found


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
