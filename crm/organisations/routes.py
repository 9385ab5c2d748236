from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import OrganisationEditor, OrganisationReader
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.places import countries, suggest
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.organisations.actions import add_organisation, change_organisation
from crm.organisations.browsing import Wanted, country_counts, directory, kind_counts
from crm.organisations.forms import OrganisationForm
from crm.organisations.models import Organisation, OrganisationKind
from crm.organisations.shown import comparison_rows, details, filled_form, names_of, shown

router = Router(prefix="/organisations")
Submitted = Annotated[Form[OrganisationForm], posted(OrganisationForm)]


def _choices() -> dict[str, Any]:
    return {"kinds": OrganisationKind.options(), "countries": countries(current_language())}


def _known(session: Session, organisation_id: UUID) -> Organisation:
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise Missing()
    return organisation


@router.get("", name="organisations:list")
def listing(
    request: Request,
    session: Sess,
    _actor: OrganisationReader,
    q: str = "",
    country: Annotated[list[str] | None, Query()] = None,
    kind: Annotated[list[str] | None, Query()] = None,
    after: str | None = None,
) -> Response:
    wanted = Wanted.read(q, country or [], kind or [])
    found = directory(session, wanted, after)
    facets: dict[str, Any] = {"countries": country_counts(session, wanted), "kinds": kind_counts(session, wanted)}
    return page(request, "organisations/list", wanted=wanted, found=found, **facets)


@router.get("/new", name="organisations:new")
def new(request: Request, _actor: OrganisationEditor) -> Response:
    form = Form.of(OrganisationForm, kind=OrganisationKind.UNIVERSITY.value)
    return page(request, "organisations/new", form=form, **_choices())


@router.get("/cities", name="organisations:cities")
def cities(request: Request, _actor: OrganisationEditor, city: str = "", country: str = "") -> Response:
    """Suggestions while a city is typed; the page itself is for browsers without scripts."""
    return page(request, "organisations/cities", places=suggest(city[:100], country or None))


@router.post("", name="organisations:add")
def add(request: Request, session: Sess, actor: OrganisationEditor, form: Submitted) -> Response:
    organisation = form.attempt(session, add_organisation, actor)
    if organisation is None:
        return page(request, "organisations/new", status=422, form=form, **_choices())
    _say_saved(request, organisation, _("The institution has been added."))
    return go(request, "organisations:detail", organisation_id=organisation.id)


@router.get("/{organisation_id}", name="organisations:detail")
def detail(request: Request, session: Sess, _actor: OrganisationReader, organisation_id: UUID) -> Response:
    organisation = _known(session, organisation_id)
    names = names_of(session, organisation.id)
    seen = shown(organisation, names)
    return page(request, "organisations/detail", organisation=organisation, seen=seen, **details(organisation, names))


@router.get("/{organisation_id}/edit", name="organisations:edit")
def edit(request: Request, session: Sess, _actor: OrganisationEditor, organisation_id: UUID) -> Response:
    organisation = _known(session, organisation_id)
    form = filled_form(organisation, names_of(session, organisation.id))
    return page(request, "organisations/edit", form=form, organisation=organisation, **_choices())


@router.post("/{organisation_id}/edit", name="organisations:change")
def change(
    request: Request, session: Sess, actor: OrganisationEditor, organisation_id: UUID, form: Submitted
) -> Response:
    organisation = _known(session, organisation_id)
    if not form.errors and form.data.version != organisation.version:
        rows = comparison_rows(filled_form(organisation, names_of(session, organisation.id)), form)
        sentence = _("Somebody else changed this record while you were editing it.")
        return page(request, "errors/409", status=409, sentence=sentence, rows=rows)
    form.attempt(session, change_organisation, actor, organisation)
    if form.errors:
        return page(request, "organisations/edit", status=422, form=form, organisation=organisation, **_choices())
    _say_saved(request, organisation, _("The institution has been changed."))
    return go(request, "organisations:detail", organisation_id=organisation.id)


def _say_saved(request: Request, organisation: Organisation, sentence: str) -> None:
    flash(request, sentence)
    if organisation.city and organisation.latitude is None:
        flash(request, _("This city is not in the list of places, so the institution has no point on the map."), "warn")
