"""The listed person's own door: a signed link, no account. Looking changes nothing."""

from typing import Annotated, Any

from fastapi import Request
from sqlmodel import Session, select
from starlette.responses import Response

from crm.accounts.access import Public
from crm.accounts.links import find_link
from crm.accounts.models import LinkPurpose, Office, SignedLink
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import locale_of
from crm.core.web import flash, go, page, settings_of, url_builder
from crm.listings.actions.answers import answer
from crm.listings.actions.corrections import shown_institution
from crm.listings.actions.moves import office_settings
from crm.listings.fields import ListingField
from crm.listings.forms import AnswerForm
from crm.listings.models import Listing, ListingState
from crm.listings.queries.preview import previews
from crm.listings.routes.public.tongue import public_router
from crm.listings.snapshots import main_affiliation
from crm.people.models import Interest, Link, Person
from crm.privacy.models import Purpose
from crm.privacy.texts import sentence
from crm.vocabularies.models import Scheme
from crm.vocabularies.queries import language_codes, terms_of

router = public_router()


@router.get("/confirm/{token}", name="listings:door")
def door(request: Request, session: Sess, language: Public, token: str) -> Response:
    link = find_link(session, LinkPurpose.LISTING, token)
    return _page(request, session, link, language)


@router.post("/confirm/{token}", name="listings:answer")
def answered(
    request: Request,
    session: Sess,
    language: Public,
    token: str,
    form: Annotated[Form[AnswerForm], posted(AnswerForm)],
) -> Response:
    link = find_link(session, LinkPurpose.LISTING, token)
    if form.values.get("act") in ("decline", "withdraw"):
        # What is half typed in the boxes must not keep anybody from saying no.
        form = Form(AnswerForm, {**_stored(session, link), **_answer_alone(form)}).validate()
    address = settings_of(request).base_url + url_builder(request)("listings:door", language=language, token=token)
    if not form.errors:
        answer(session, link, address, form.data)
        flash(request, _said(form.data.act))
        return _sealed(go(request, "listings:door", language=language, token=token))
    return _page(request, session, link, language, form)


def _answer_alone(form: Form[AnswerForm]) -> dict[str, Any]:
    return {name: form.values.get(name) for name in ("act", "version")}


def _said(act: str) -> str:
    return {
        "show": _("Your corrections are kept. This is how the entry looks now; it is not public by this."),
        "agree": _("Thank you. Your entry is confirmed."),
        "decline": _("You are not listed, and you will not be asked again."),
        "withdraw": _("Your entry has been withdrawn from all public pages and files."),
    }[act]


def _page(
    request: Request, session: Session, link: SignedLink, language: str, form: Form[AnswerForm] | None = None
) -> Response:
    listing = _listing(session, link)
    office = session.get_one(Office, listing.office_id)
    response = page(
        request,
        "listings/door",
        status=422 if form else 200,
        listing=listing,
        states=ListingState,
        office=office,
        link=link,
        previews=previews(session, listing),
        form=form or Form.of(AnswerForm, **_stored(session, link)),
        sentences={purpose.value: sentence(purpose, language) for purpose in Purpose},
        relay=office_settings(session, office.id).relay,
        field_options=ListingField.options(),
        **_choices(session, language),
    )
    return _sealed(response)


def _sealed(response: Response) -> Response:
    """The address is the key: it goes to no other site and into no index."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _choices(session: Session, language: str) -> dict[str, Any]:
    names = locale_of(language).languages
    return {
        "offers": [(term.code, term.name) for term in terms_of(session, Scheme.OPEN_TO)],
        "tongues": [(code, names.get(code.replace("-", "_"), code)) for code in language_codes()],
    }


def _listing(session: Session, link: SignedLink) -> Listing:
    listing = session.get(Listing, link.subject_id)
    if listing is None:
        raise Missing()
    return listing


def _stored(session: Session, link: SignedLink) -> dict[str, Any]:
    """What the boxes hold when the page is opened."""
    listing = _listing(session, link)
    person = session.get_one(Person, listing.person_id)
    post = main_affiliation(session, person.id)
    interests = session.exec(select(Interest).where(Interest.person_id == person.id).order_by(Interest.id)).all()  # type: ignore[arg-type]
    first = session.exec(select(Link).where(Link.person_id == person.id).order_by(Link.id)).first()  # type: ignore[arg-type]
    return {
        "version": listing.version,
        "full_name": person.full_name,
        "kanji": person.kanji,
        "kana": person.kana,
        "latin": person.latin,
        "title": post.title if post else None,
        "unit": post.unit if post else None,
        "city": post.city if post else None,
        "institution": shown_institution(session, post),
        "keywords": "\n".join(row.value for row in interests if row.scheme == "keyword"),
        "open_to": [row.value for row in interests if row.scheme == "open_to"],
        "languages": person.spoken_languages,
        "page": first.address if first else None,
        "fields": listing.fields,
        "search_engines": listing.search_engines,
        "bulk_reuse": listing.bulk_reuse,
        "relay": listing.relay,
    }
