"""Messages that wait to be filed: dropped, looked at, filed or forgotten."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, InteractionEditor, InteractionReader
from crm.accounts.private import revoke_address
from crm.core import files
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.interactions.addresses import address_of, is_open, make_address
from crm.interactions.editing import likely, shown
from crm.interactions.files import attachments
from crm.interactions.filing import KEPT_DAYS, add_files, forget_mail, remove_file, take_mails
from crm.interactions.forms import FilesForm, InteractionForm
from crm.interactions.models import FilingAddress, InteractionKind
from crm.interactions.opening import note_opening
from crm.interactions.queries import interaction_of
from crm.interactions.queries.files import file_of, mail_of, people_of_mail, waiting_mails

router = Router(prefix="/interactions")
Files = Annotated[Form[FilesForm], posted(FilesForm)]


@router.get("/mail", name="interactions:mails")
def mails(request: Request, session: Sess, editor: InteractionEditor) -> Response:
    return _mails_page(request, session, editor, Form(FilesForm))


def _mails_page(request: Request, session: Session, editor: Actor, form: Form[FilesForm]) -> Response:
    settings, status = settings_of(request), 422 if form.errors else 200
    open_to_mails = is_open(settings)
    return page(
        request, "interactions/mails", status=status, form=form, waiting=waiting_mails(session, editor), days=KEPT_DAYS,
        open_to_mails=open_to_mails, address=address_of(session, settings, editor) if open_to_mails else "",
    )  # fmt: skip


@router.post("/mail", name="interactions:take_mails")
def take(request: Request, session: Sess, editor: InteractionEditor, form: Files) -> Response:
    taken = form.attempt(session, take_mails, editor, attachments(settings_of(request)))
    if not taken:
        return _mails_page(request, session, editor, form)
    if len(taken) == 1:
        return go(request, "interactions:mail", mail_id=taken[0].id)
    flash(request, ngettext("%(num)s mail waits to be filed.", "%(num)s mails wait to be filed.", len(taken)))
    return go(request, "interactions:mails")


@router.post("/mail/address", name="interactions:make_address")
def renew(request: Request, session: Sess, editor: InteractionEditor) -> Response:
    if not is_open(settings_of(request)):
        raise Missing()
    make_address(session, editor, settings_of(request))
    return go(request, "interactions:mails")


@router.post("/mail/address/revoke", name="interactions:revoke_address")
def revoke(request: Request, session: Sess, editor: InteractionEditor) -> Response:
    revoke_address(session, editor, FilingAddress)
    flash(request, _("The address has been revoked. Nothing that is sent to it is taken any more."))
    return go(request, "interactions:mails")


@router.get("/mail/{mail_id}", name="interactions:mail")
def mail(request: Request, session: Sess, editor: InteractionEditor, mail_id: UUID) -> Response:
    """The contact that it would become, to be looked at and corrected."""
    waiting = mail_of(session, editor, mail_id)
    people, _unknown = people_of_mail(session, editor, waiting)
    sent = waiting.sent_at.astimezone(ZoneInfo(editor.zone)).date() if waiting.sent_at else editor.today
    values: dict[str, Any] = {**likely(session, editor), "kind": InteractionKind.MAIL.value, "place": ""}
    values |= {"day": min(sent, editor.today).isoformat(), "people": [str(id) for id in people], "mail": str(mail_id)}
    values["text"] = f"{waiting.subject}\n\n{waiting.text}".strip()[:20_000]
    return shown(request, session, editor, Form(InteractionForm, values))


@router.post("/mail/{mail_id}/forget", name="interactions:forget_mail")
def forget(request: Request, session: Sess, editor: InteractionEditor, mail_id: UUID) -> Response:
    forget_mail(session, editor, mail_id)
    flash(request, _("The mail has been forgotten."))
    return go(request, "interactions:mails")


@router.post("/{interaction_id}/files", name="interactions:add_files")
def attach(request: Request, session: Sess, editor: InteractionEditor, interaction_id: UUID, form: Files) -> Response:
    contact = interaction_of(session, editor, interaction_id).interaction
    added = form.attempt(session, add_files, editor, contact, attachments(settings_of(request)))
    said = (form.problems[0][1], "error") if added is None else (_("The files have been added."), "ok")
    flash(request, *said)
    return go(request, "interactions:detail", interaction_id=interaction_id)


@router.get("/{interaction_id}/files/{file_id}", name="interactions:file")
def download(
    request: Request, session: Sess, reader: InteractionReader, interaction_id: UUID, file_id: UUID
) -> Response:
    contact = interaction_of(session, reader, interaction_id).interaction
    file = file_of(session, contact.id, file_id)
    answer = files.download(attachments(settings_of(request)), file.id, file.name, file.media_type, file.size)
    note_opening(request, reader, contact, file.name)
    return answer


@router.post("/{interaction_id}/files/{file_id}/remove", name="interactions:remove_file")
def detach(request: Request, session: Sess, editor: InteractionEditor, interaction_id: UUID, file_id: UUID) -> Response:
    remove_file(session, editor, interaction_of(session, editor, interaction_id).interaction, file_id)
    flash(request, _("It has been removed."))
    return go(request, "interactions:detail", interaction_id=interaction_id)
