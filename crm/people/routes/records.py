from typing import Annotated, Any
from uuid import UUID

from babel import Locale
from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor, PeopleReader
from crm.accounts.verbs import VERBS
from crm.core.db import Sess
from crm.core.errors import Moved
from crm.core.forms import Form, posted
from crm.core.i18n import GUEST_LANGUAGES, current_language
from crm.core.i18n import gettext as _
from crm.core.paging import Page
from crm.core.places import countries, country_name
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.people.actions import add_person, change_person
from crm.people.career import career
from crm.people.forms import CODED, PersonForm, PersonSearch, field_labels
from crm.people.models import Basis, Sector
from crm.people.queries.alike import was_erased
from crm.people.queries.facets import people_facets
from crm.people.queries.merges import merges_of
from crm.people.queries.record import Record, history_of, record_of, scheme_label
from crm.people.queries.search import Matching, list_people, spelled_nearly, suggest_people
from crm.people.queries.shown import shown_to
from crm.people.queries.story import story_of
from crm.people.queries.totals import totals_of
from crm.people.queries.visible import visible_person
from crm.people.routes.orcid import fill_in
from crm.people.routes.story import sources_for
from crm.vocabularies.models import Scheme
from crm.vocabularies.queries import language_codes, terms_of

router = Router(prefix="/people")
_ONE_A_LINE = ("research_fields", "links")
Typed = Annotated[Form[PersonForm], posted(PersonForm)]


@router.get("", name="people:list")
def listing(
    request: Request, session: Sess, reader: PeopleReader, wanted: Annotated[PersonSearch, Query()]
) -> Response:
    matching = Matching(session, reader, wanted)
    found, following = list_people(session, matching)
    totals = totals_of(session, matching)
    facets = people_facets(totals, wanted)
    words = {(facet.name, value): label for facet in facets for value, label, _count in facet.options}
    return page(
        request,
        "people/list",
        people=Page(found, following, totals.total, totals.capped),
        wanted=wanted,
        facets=facets,
        chips=[(name, value, words.get((name, value), value)) for name, value in wanted.chosen],
        near=spelled_nearly(session, reader, wanted.q) if wanted.q and not found else [],
        place=place_of,
        many=[each for each in request.app.state.many if reader.may(each.permission)],
        found=found_beside(request, session, reader, wanted) if not found else [],
    )


def found_beside(request: Request, session: Session, reader: Actor, wanted: PersonSearch) -> list[tuple[str, Any]]:
    """What other rooms find for words that are nobody's: on a whole page, not for each letter that is typed."""
    if not wanted.q or wanted.after or "HX-Request" in request.headers:
        return []
    asked = [part for part in request.app.state.found if reader.may(part.permission)]
    parts = [(part.template, part.ask(session, reader, wanted.q)) for part in asked]
    return [(template, part) for template, part in parts if part]


@router.get("/find", name="people:find")
def find(request: Request, session: Sess, reader: PeopleReader, q: str = "") -> Response:
    """A few people for the box at the top of every page."""
    found = suggest_people(session, reader, q) if q else []
    return page(request, "people/find", people=found, q=q, place=place_of)


@router.get("/new", name="people:new")
def new(
    request: Request, session: Sess, _editor: PeopleEditor, full_name: str = "", email: str = "", orcid: str = ""
) -> Response:
    """``orcid``: fill the form in from that public record; nothing is stored."""
    likely = {"sector": Sector.ACADEMIA.value, "basis": Basis.OWN_CONTACT.value}
    form = Form(PersonForm, {"full_name": full_name, "email": email, **likely})
    if orcid:
        fill_in(request, form, orcid)
    status = 422 if form.errors else 200
    return page(request, "people/edit", status=status, form=form, record=None, theirs=[], **choices(session))


@router.post("", name="people:add")
def add(request: Request, session: Sess, editor: PeopleEditor, form: Typed) -> Response:
    erased = not form.errors and was_erased(session, editor, settings_of(request), form.data.entry())
    person = form.attempt(session, add_person, editor)
    if person is None:
        return page(request, "people/edit", status=422, form=form, record=None, theirs=[], **choices(session))
    flash(request, _("The record has been made."))
    if erased:
        flash(
            request,
            _("This person had their data erased. Ask them whether they agree to be recorded again."),
            "warn",
        )
    return go(request, "people:detail", person_id=person.id)


@router.get("/{person_id}", name="people:detail")
def detail(request: Request, session: Sess, reader: PeopleReader, person_id: UUID) -> Response:
    record = record_of(session, reader, person_id)
    return page(
        request,
        "people/detail",
        record=record,
        shown=shown_to(session, reader, person_id, record.shares),
        **offered(request, session, reader, person_id),
        offers={term.code: term.name for term in terms_of(session, Scheme.OPEN_TO)},
        coded=coded_names(session, record),
        stretches=career([*record.posts, *record.past], reader.today),
        languages_spoken=", ".join(map(language_name, record.person.spoken_languages)),
        letters_in=language_name(record.person.preferred_language) if record.person.preferred_language else "",
        place=place_of,
        scheme_label=scheme_label,
    )


@router.get("/{person_id}/edit", name="people:edit")
def edit(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID) -> Response:
    record = record_of(session, editor, person_id)
    form = Form.of(PersonForm, **record.form_values())
    return page(request, "people/edit", form=form, record=record, theirs=[], **choices(session))


@router.post("/{person_id}", name="people:change")
def change(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, form: Typed) -> Response:
    try:
        person = visible_person(session, editor, person_id)
    except Moved as merge:
        return _merged(request, session, editor, merge.now, form)
    form.attempt(session, change_person, editor, person)
    if form.errors:
        return _again(request, session, editor, person_id, form)
    flash(request, _("The change has been saved."))
    return go(request, "people:detail", person_id=person_id)


@router.get("/{person_id}/history", name="people:history")
def history(request: Request, session: Sess, reader: PeopleReader, person_id: UUID) -> Response:
    record = record_of(session, reader, person_id)
    lines = history_of(session, reader, person_id)
    may_undo = reader.may("people_edit")
    return page(
        request, "people/history", record=record, lines=lines, labels=field_labels(), zone=reader.zone, said=said,
        verbs=VERBS, merges=merges_of(session, reader, person_id) if may_undo else [],
    )  # fmt: skip


def _again(request: Request, session: Session, editor: Actor, person_id: UUID, form: Form[PersonForm]) -> Response:
    """The form with all that was typed; after a conflict beside what the other one saved, ready to be saved over it."""
    now_stored = record_of(session, editor, person_id)
    version = str(now_stored.person.version)
    conflict = str(form.values.get("version")) != version
    theirs = differing(form, now_stored) if conflict else []
    form.values["version"] = version
    status = 409 if conflict else 422
    return page(request, "people/edit", status=status, form=form, record=now_stored, theirs=theirs, **choices(session))


def _merged(request: Request, session: Session, editor: Actor, person_id: UUID, form: Form[PersonForm]) -> Response:
    """The form of a record that went into this one, with all that was typed; what it leaves empty is as stored."""
    stands = record_of(session, editor, person_id)
    theirs = differing(form, stands)
    for name, stored in stands.form_values().items():
        typed = form.values.get(name)
        if isinstance(stored, list):
            form.values[name] = list(dict.fromkeys([*(typed or ()), *stored]))
        elif name in _ONE_A_LINE:
            lines = [*(typed or "").splitlines(), *stored.splitlines()]
            form.values[name] = "\n".join(dict.fromkeys(line for line in lines if line))
        else:
            form.values[name] = typed or stored
    form.values["version"] = str(stands.person.version)
    return page(
        request, "people/edit", status=409, form=form, record=stands, theirs=theirs, merged=True, **choices(session)
    )


def differing(form: Form[PersonForm], record: Record) -> list[tuple[str, str, str]]:
    """(label, as stored, as typed) of the fields that say different things."""
    labels, rows = field_labels(), []
    for name, stored in record.form_values().items():
        typed = form.values.get(name)
        mine, other = _plain(typed), _plain(stored)
        if name != "version" and mine != other:
            rows.append((labels[name], other, mine))
    return rows


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(sorted(str(item) for item in value))
    return str(value or "").replace("\r\n", "\n").strip()


def choices(session: Session) -> dict[str, Any]:
    return {
        "labels": field_labels(),
        "countries": countries(current_language()),
        "sectors": Sector.options(),
        "bases": Basis.options(),
        "offers": [(term.code, term.name) for term in terms_of(session, Scheme.OPEN_TO)],
        "coded": {scheme: coded_choices(session, Scheme(scheme)) for scheme in CODED},
        "tongues": [(code, language_name(code)) for code in language_codes()],
        "letters_in": [("", _("By the form of the name")), *((code, language_name(code)) for code in GUEST_LANGUAGES)],
    }


def coded_choices(session: Session, scheme: Scheme) -> list[tuple[str, str]]:
    """Code and name; of a list with sections only what stands inside them."""
    terms = terms_of(session, scheme)
    inside = [term for term in terms if term.parent] or terms
    return [(term.code, term.name) for term in inside]


def coded_names(session: Session, record: Record) -> dict[str, list[str]]:
    """Name of the code list → the names of the fields chosen; nothing is asked where none is."""
    return {
        str(Scheme(scheme).label): [term.name for term in terms_of(session, Scheme(scheme)) if term.code in codes]
        for scheme, codes in record.terms.items()
        if codes
    }


def offered(request: Request, session: Session, reader: Actor, person_id: UUID) -> dict[str, Any]:
    """What the higher rooms give the record: parts of the page, the story, panels behind a link."""
    state = request.app.state
    sources = sources_for(request, reader)
    chapters, earlier = story_of(session, reader, person_id, sources)
    parts = [part for part in state.record if reader.may(part.permission)]
    return {
        "sources": sources,
        "chapters": chapters,
        "earlier": earlier,
        "parts": [(part.template, part.ask(session, reader, person_id)) for part in parts],
        "panels": [panel for panel in state.panels if reader.may(panel.permission)],
    }


def language_name(code: str) -> str:
    locale = Locale.parse(current_language())
    return str(locale.languages.get(code.replace("-", "_"), code))


def place_of(city: str | None, country: str | None) -> str:
    """Boston, United States; ボストン・米国 where the city is written so."""
    parts = [city or "", country_name(country, current_language()) if country else ""]
    return ("・" if current_language() == "ja" else ", ").join(part for part in parts if part)


def said(value: Any) -> str:
    """A value of the journal in words."""
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value or "—")
