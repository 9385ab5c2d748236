"""Institutions that do not exist."""

from typing import Any
from uuid import uuid4

from sqlmodel import Session

from crm.organisations.models import Organisation, OrganisationKind, OrganisationName
from crm.organisations.queries import name_key


def an_organisation(session: Session, name: str = "", *names: tuple[str, str], **columns: Any) -> Organisation:
    """``names`` are (language, name); without a name an invented one is given."""
    chosen = name or f"Invented Institute {uuid4().hex[:8]}"
    values = {"kind": OrganisationKind.INSTITUTE, "country": "DE", **columns}
    organisation = Organisation(name=chosen, name_key=name_key(chosen), **values)
    session.add(organisation)
    session.flush()
    for language, other in names:
        row = OrganisationName(organisation_id=organisation.id, language=language, name=other, name_key=name_key(other))
        session.add(row)
    session.flush()
    return organisation
