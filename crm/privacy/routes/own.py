"""The person's own door: a link asked for by an address, no account. Looking changes nothing."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from crm.accounts.access import Public
from crm.accounts.links import find_link
from crm.accounts.models import LinkPurpose
from crm.core.db import Sess, database_of
from crm.core.documents import pdf
from crm.core.errors import TooMany
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.rates import count_against
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of, url_builder
from crm.letters.kinds import KINDS
from crm.privacy.actions.asking import ask_for_links
from crm.privacy.actions.consents import withdraw_own
from crm.privacy.actions.requests import ask_office
from crm.privacy.documents import own_document
from crm.privacy.forms import AskForm, OwnRequestForm
from crm.privacy.models import RequestKind
from crm.privacy.queries.own import Own, own_copy, own_data, person_of

router = Router(prefix="/my-data")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@router.get("", name="privacy:ask")
def ask_page(request: Request, _language: Public) -> Response:
    return page(request, "privacy/ask", form=Form.of(AskForm))


@router.post("", name="privacy:ask_for_link")
def ask(request: Request, session: Sess, language: Public, form: Annotated[Form[AskForm], posted(AskForm)]) -> Response:
    if not form.errors:
        _count(request, form)
    if form.errors:
        return page(request, "privacy/ask", status=429 if "too_many" in form.errors else 422, form=form)
    if not form.data.website:
        address = settings_of(request).base_url + url_builder(request)("privacy:ask") + "/"
        ask_for_links(session, address, form.data.email, language)
    flash(request, _("If this address stands in a record, a message with a personal link is on its way to it."))
    return go(request, "privacy:ask")


def _count(request: Request, form: Form[AskForm]) -> None:
    """An address gets few letters a day, whoever asks; a browser asks few times an hour."""
    client = request.client.host if request.client else "-"
    try:
        count_against(database_of(request), "my_data", form.data.email, most=3, per=_DAY)
        count_against(database_of(request), "my_data_from", client, most=30, per=_HOUR)
    except TooMany as problem:
        form.errors["too_many"] = str(problem)


@router.get("/{token}", name="privacy:own")
def own(request: Request, session: Sess, _language: Public, token: str) -> Response:
    data = _own(session, token)
    parts = [(part.template, part.ask(session, data.person.id)) for part in request.app.state.my_data]
    return _sealed(
        page(request, "privacy/own", own=data, token=token, kinds=KINDS, parts=[part for part in parts if part[1]])
    )


@router.post("/{token}/consents/{receipt_id}/withdraw", name="privacy:withdraw_own")
def withdraw(request: Request, session: Sess, _language: Public, token: str, receipt_id: UUID) -> Response:
    data = _own(session, token)
    withdraw_own(session, data.person.id, receipt_id, request.app.state.keeping.withdrawal)
    flash(request, _("Your consent is withdrawn. What rested on it has ended at once."))
    return _sealed(go(request, "privacy:own", token=token))


@router.get("/{token}/request", name="privacy:own_request")
def request_page(
    request: Request, session: Sess, _language: Public, token: str, kind: RequestKind = RequestKind.CORRECTION
) -> Response:
    data = _own(session, token)
    office = data.offices[0].id if data.offices else None
    return _asked(request, token, data, Form.of(OwnRequestForm, kind=kind.value, office_id=office))


@router.post("/{token}/request", name="privacy:own_request_sent")
def send_request(
    request: Request, session: Sess, language: Public, token: str,
    form: Annotated[Form[OwnRequestForm], posted(OwnRequestForm)],
) -> Response:  # fmt: skip
    data = _own(session, token)
    form.attempt(session, ask_office, data, language)
    if form.errors:
        return _asked(request, token, data, form)
    flash(request, _("Your request has been handed in. The office will write to the address that you gave."))
    return _sealed(go(request, "privacy:own", token=token))


@router.get("/{token}/my-data.json", name="privacy:own_json")
def as_json(_request: Request, session: Sess, _language: Public, token: str) -> Response:
    copy = JSONResponse(own_copy(session, _own(session, token)))
    copy.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return _sealed(copy)


@router.get("/{token}/my-data.pdf", name="privacy:own_pdf")
def as_pdf(_request: Request, session: Sess, _language: Public, token: str) -> Response:
    made = Response(pdf("privacy/own", own_document(_own(session, token))), media_type="application/pdf")
    made.headers["Content-Disposition"] = 'attachment; filename="my-data.pdf"'
    return _sealed(made)


def _own(session: Session, token: str) -> Own:
    link = find_link(session, LinkPurpose.MY_DATA, token)
    return own_data(session, person_of(session, link))


def _asked(request: Request, token: str, data: Own, form: Form[Any]) -> Response:
    offices = [(str(office.id), office.name) for office in data.offices]
    status = 422 if form.errors else 200
    shown = {"kinds": RequestKind.options(), "offices": offices}
    return _sealed(page(request, "privacy/own_request", status=status, own=data, token=token, form=form, **shown))


def _sealed(response: Response) -> Response:
    """The address is the key: it goes to no other site, into no index and into no cache."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response
