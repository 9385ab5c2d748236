from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Header, Query, Request
from sqlmodel import col
from starlette.responses import JSONResponse, Response

from crm.accounts.access import LetterReader, LetterSender, Public
from crm.core.db import Sess
from crm.core.errors import Forbidden
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import LetterState, OutboxLetter
from crm.core.paging import PER_PAGE, cut, decode_cursor
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.letters.actions import retry_letter, stop_letter
from crm.letters.bounces import is_signed, note_bounces, read_bounces
from crm.letters.kinds import KINDS
from crm.letters.queries import counts_of, letter_of, letters_of

router = Router(prefix="/letters")
MOST_BYTES = 2_000_000

STATES = {
    LetterState.QUEUED: ("waiting", _l("Waiting")),
    LetterState.SENDING: ("warn", _l("Being sent, or in doubt")),
    LetterState.SENT: ("ok", _l("Sent")),
    LetterState.FAILED: ("error", _l("Failed")),
    LetterState.STOPPED: ("none", _l("Stopped")),
    LetterState.HELD: ("none", _l("Held")),
}


@router.get("", name="letters:outbox")
def outbox(
    request: Request,
    session: Sess,
    reader: LetterReader,
    state: Annotated[LetterState | None, Query()] = None,
    after: str | None = None,
) -> Response:
    statement = letters_of(reader, state).limit(PER_PAGE + 1)
    if cursor := _cursor(after):
        statement = statement.where(col(OutboxLetter.id) < cursor)
    letters, later = cut(session.execute(statement).all(), PER_PAGE, lambda row: [row[0].id])
    return page(
        request,
        "letters/outbox",
        letters=[row[0] for row in letters],
        later=later,
        state=state,
        counts=counts_of(session, reader),
        **_shown(request),
    )


def _shown(request: Request) -> dict[str, Any]:
    return {"smtp": bool(settings_of(request).smtp_url), "states": STATES, "kinds": KINDS}


def _cursor(after: str | None) -> UUID | None:
    values = decode_cursor(after, 1)
    try:
        return UUID(values[0]) if values else None
    except ValueError:
        return None


@router.post("/bounces", name="letters:bounces")
def bounces(
    request: Request, session: Sess, _language: Public,
    message: Annotated[bytes, Body(media_type="message/rfc822", max_length=MOST_BYTES)],
    signature: Annotated[str, Header(alias="X-Meguri-Signature")] = "",
) -> Response:  # fmt: skip
    """A mail server tells of a letter that came back: the report as it is, signed with ``CRM_BOUNCE_SECRET``."""
    if not is_signed(settings_of(request).bounce_secret, message, signature):
        raise Forbidden()
    return JSONResponse({"noted": note_bounces(session, read_bounces(message))})


@router.get("/{letter_id}", name="letters:detail")
def detail(request: Request, session: Sess, reader: LetterReader, letter_id: UUID) -> Response:
    letter = letter_of(session, reader, letter_id)
    return page(request, "letters/detail", letter=letter, **_shown(request))


@router.post("/{letter_id}/stop", name="letters:stop")
def stop(request: Request, session: Sess, sender: LetterSender, letter_id: UUID) -> Response:
    stop_letter(session, sender, letter_of(session, sender, letter_id))
    flash(request, _("The letter has been stopped."))
    return go(request, "letters:detail", letter_id=letter_id)


@router.post("/{letter_id}/retry", name="letters:retry")
def retry(request: Request, session: Sess, sender: LetterSender, letter_id: UUID) -> Response:
    retry_letter(session, sender, letter_of(session, sender, letter_id))
    flash(request, _("The letter is waiting to be sent."))
    return go(request, "letters:detail", letter_id=letter_id)
