"""Interested in Japan: the form of a mission, also offered by its events, and the writer's own link. No account."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Public
from crm.accounts.links import find_link
from crm.accounts.models import LinkPurpose, Office
from crm.core.db import Sess, database_of
from crm.core.forms import Form, posted
from crm.core.i18n import LANGUAGES
from crm.core.i18n import gettext as _
from crm.core.places import countries
from crm.core.rates import count_against
from crm.core.web import flash, go, page, settings_of, url_builder
from crm.listings.actions.interests import DAYS, InterestDoor, confirm, entry_of, keep_interest, take_back
from crm.listings.actions.moves import office_settings
from crm.listings.forms import InterestForm
from crm.listings.models import Wish
from crm.listings.routes.nominations import mission_of
from crm.listings.routes.public.tongue import public_router
from crm.privacy.models import Purpose
from crm.privacy.texts import sentence

router = public_router()
FROM_ONE_PLACE, TO_ONE_ADDRESS = 60, 3
"""Entries an hour: a whole hall sits behind one address. Letters a day."""


def _door(session: Session, language: str, code: str) -> InterestDoor:
    office = mission_of(session, code)
    return InterestDoor(office, language, office_settings(session, office.id).interests)


@router.get("/interest/{office}", name="listings:interest")
def interest_page(
    request: Request, session: Sess, language: Public, office: str, source: str = "", sent: bool = False
) -> Response:  # fmt: skip
    door = _door(session, language, office)
    return show_form(request, door, first_form(door, source), sent)


@router.post("/interest/{office}", name="listings:interested")
def interested(
    request: Request, session: Sess, language: Public, office: str,
    form: Annotated[Form[InterestForm], posted(InterestForm)],
) -> Response:  # fmt: skip
    count(request, form)
    door = _door(session, language, office)
    if not take_in(request, session, door, form):
        return show_form(request, door, form)
    return go(request, "listings:interest", language=language, office=office, query={"sent": "true"})


def first_form(door: InterestDoor, source: str) -> Form[InterestForm]:
    return Form.of(InterestForm, language=door.language, source=source[:60] or None, country=door.office.country)


def show_form(request: Request, door: InterestDoor, form: Form[InterestForm], sent: bool = False) -> Response:
    """The same page for a mission and for its events."""
    shown: dict[str, Any] = {
        "countries": countries(door.language),
        "wishes": Wish.options(),
        "tongues": list(LANGUAGES.items()),
        "sentences": {purpose.value: sentence(purpose, door.language) for purpose in Purpose.CONTACT.carries},
        "days": DAYS,
    }
    status = 422 if form.errors else 200
    return page(request, "listings/interest", status=status, door=door, form=form, sent=sent, **shown)


def count(request: Request, form: Form[InterestForm]) -> None:
    """First of all, in transactions of its own."""
    if form.errors:
        return
    client = request.client.host if request.client else "-"
    count_against(database_of(request), "interest", client, most=FROM_ONE_PLACE, per=timedelta(hours=1))
    count_against(database_of(request), "interest_to", form.data.email, most=TO_ONE_ADDRESS, per=timedelta(days=1))


def take_in(request: Request, session: Session, door: InterestDoor, form: Form[InterestForm]) -> bool:
    """Whether it is kept; the letter with the link goes to the address, whoever may be known there."""
    url = url_builder(request)
    tongue = form.values.get("language") if form.values.get("language") in LANGUAGES else door.language
    address = settings_of(request).base_url + url("listings:interest_entry", language=tongue, token="")
    form.attempt(session, keep_interest, door, address)
    return not form.errors


@router.get("/interest/entry/{token}", name="listings:interest_entry")
def look(request: Request, session: Sess, _language: Public, token: str) -> Response:
    """Looking confirms nothing: programs that check mail open every link."""
    link = find_link(session, LinkPurpose.NOMINATION, token)
    entry = entry_of(session, link)
    office = session.get_one(Office, entry.office_id)
    sentences = [sentence(Purpose(each), entry.agreed["language"]) for each in entry.agreed.get("purposes", [])]
    return _sealed(
        page(request, "listings/interest_entry", entry=entry, office=office, token=token, sentences=sentences)
    )


@router.post("/interest/entry/{token}", name="listings:interest_confirmed")
def confirmed(request: Request, session: Sess, language: Public, token: str) -> Response:
    confirm(session, find_link(session, LinkPurpose.NOMINATION, token))
    return _sealed(go(request, "listings:interest_entry", language=language, token=token))


@router.post("/interest/entry/{token}/delete", name="listings:interest_taken_back")
def taken_back(request: Request, session: Sess, language: Public, token: str) -> Response:
    link = find_link(session, LinkPurpose.NOMINATION, token)
    office = session.get_one(Office, entry_of(session, link).office_id)
    take_back(session, link)
    flash(request, _("Your entry has been deleted."))
    return _sealed(go(request, "listings:mission", language=language, code=office.code))


def _sealed(response: Response) -> Response:
    """The address is the key: it goes to no other site, into no index and into no cache."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response
