"""Keeping files with contacts, and making a contact of a mail. Nothing is filed before somebody has looked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import new_id, now
from crm.core.db import Database
from crm.core.errors import Forbidden, Refused, WrongField
from crm.core.files import Store, keep, sweep_store
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import read_settings
from crm.core.work import JobRun
from crm.imports.actions.upload import plain_name
from crm.interactions.files import MOST_FILES, Upload, attachments, checked, sent_files
from crm.interactions.forms import FilesForm
from crm.interactions.mails import Mail, read_mail
from crm.interactions.models import Attachment, IncomingMail, Interaction
from crm.interactions.queries.files import file_of, filed_before, files_of, known_files, mail_of, waiting_as
from crm.interactions.reading.outlook import is_outlook
from crm.people.models import ContactPoint

FORGET_MAILS = "interactions:forget_mails"
KEPT_DAYS = 14
SWEEP = "interactions:sweep"


def add_files(session: Session, actor: Actor, contact: Interaction, store: Store, data: FilesForm) -> list[Attachment]:
    _own(actor, contact)
    uploads = [checked(plain_name(name), content) for name, content in sent_files(data.files)]
    if len(files_of(session, contact.id)) + len(uploads) > MOST_FILES:
        raise WrongField("files", _l("A contact keeps at most %(limit)s files.", limit=MOST_FILES))
    added = [_keep(session, actor, contact, upload) for upload in uploads]
    for file, upload in zip(added, uploads, strict=True):
        keep(store, file.id, upload.data)
    record(session, actor, "changed", contact, {"files": [each.name for each in added]})
    return added


def _keep(session: Session, actor: Actor, contact: Interaction, upload: Upload) -> Attachment:
    file = Attachment(
        interaction_id=contact.id, name=upload.name, media_type=upload.media_type, size=len(upload.data),
        digest=upload.digest, added_by=actor.user_id,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def remove_file(session: Session, actor: Actor, contact: Interaction, file_id: UUID) -> None:
    """The bytes follow when the store is swept."""
    _own(actor, contact)
    file = file_of(session, contact.id, file_id)
    record(session, actor, "changed", contact, {"removed": file.name})
    session.delete(file)
    session.flush()


def _own(actor: Actor, contact: Interaction) -> None:
    if contact.office_id != actor.office_id:
        raise Forbidden(_l("Only the office that had this contact can change it."))


def take_mails(session: Session, actor: Actor, store: Store, data: FilesForm) -> list[IncomingMail]:
    """Each waits for a glance, once; one that was filed before is refused."""
    return [_take(session, actor, store, name, content) for name, content in sent_files(data.files)]


def _take(session: Session, actor: Actor, store: Store, name: str, data: bytes) -> IncomingMail:
    outlook = is_outlook(data)
    whole = checked(f"{plain_name(name).rsplit('.', 1)[0]}.{'msg' if outlook else 'eml'}", data)
    mail = read_mail(data, apart=outlook)
    if filed_before(session, actor, mail.message_id):
        raise WrongField("files", _l("%(name)s has been filed already.", name=mail.subject or name))
    return propose_mail(session, actor, store, whole, mail)


def propose_mail(session: Session, actor: Actor, store: Store, whole: Upload, mail: Mail) -> IncomingMail:
    """Lays it into the user's tray, once."""
    if known := waiting_as(session, actor, mail.message_id):
        return known
    kept = [whole, *(upload for upload in map(_if_kept, mail.files) if upload)]
    waiting = IncomingMail(
        office_id=actor.office_id, user_id=actor.user_id, message_id=mail.message_id, subject=mail.subject,
        sent_at=mail.sent_at, text=mail.text, files=[_described(upload) for upload in kept[:MOST_FILES]],
        addresses=[{"name": each.name, "email": each.email} for each in mail.addresses],
    )  # fmt: skip
    session.add(waiting)
    session.flush()
    for said, upload in zip(waiting.files, kept, strict=False):
        keep(store, UUID(str(said["id"])), upload.data)
    return waiting


def _if_kept(file: tuple[str, bytes]) -> Upload | None:
    """What may not be kept on its own stays inside the message."""
    try:
        return checked(*file)
    except WrongField:
        return None


def _described(upload: Upload) -> dict[str, object]:
    facts = {"name": upload.name, "media_type": upload.media_type, "size": len(upload.data), "digest": upload.digest}
    return {"id": str(new_id()), **facts}


def file_mail(session: Session, actor: Actor, contact: Interaction, mail_id: UUID) -> None:
    """The mail has become this contact; its files go with it, under the ids that they have."""
    mail = mail_of(session, actor, mail_id, locked=True)
    if filed_before(session, actor, mail.message_id):
        raise Refused(_l("%(name)s has been filed already.", name=mail.subject))
    contact.message_id = mail.message_id or None
    for said in mail.files:
        values: dict[str, Any] = {**said, "id": UUID(str(said["id"]))}
        session.add(Attachment(interaction_id=contact.id, added_by=actor.user_id, **values))
    session.delete(mail)
    session.flush()


def forget_mail(session: Session, actor: Actor, mail_id: UUID) -> None:
    session.delete(mail_of(session, actor, mail_id))
    session.flush()


def forget_mails(database: Database, _job: JobRun) -> None:
    """Messages that nobody has filed within the days given."""
    with database.writing() as session:
        session.execute(delete(IncomingMail).where(col(IncomingMail.created_at) < now() - timedelta(days=KEPT_DAYS)))


def sweep(database: Database, _job: JobRun) -> None:
    with database.reading() as session:
        sweep_store(attachments(read_settings()), lambda names: known_files(session, names))


def forget_mails_of(session: Session, actor: Actor, person_id: UUID) -> None:
    """Before the office erases somebody: messages that wait and bear one of their addresses."""
    points = select(col(ContactPoint.value)).where(
        col(ContactPoint.person_id) == person_id, col(ContactPoint.office_id) == actor.office_id
    )
    addresses = {value.lower() for value in session.execute(points).scalars()}
    waiting = select(IncomingMail).where(col(IncomingMail.office_id) == actor.office_id)
    for mail in session.execute(waiting).scalars():
        if any(each["email"] in addresses for each in mail.addresses):
            session.delete(mail)
    session.flush()
