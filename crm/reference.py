"""Facts that every installation starts with: offices, vocabularies, organisations. Loading again changes nothing."""

from sqlmodel import Session

from crm.accounts.actions.reference import load_reference as load_offices
from crm.organisations.actions import load_reference as load_organisations
from crm.vocabularies.actions import load_reference as load_vocabularies


def load_reference(session: Session) -> None:
    load_offices(session)
    load_vocabularies(session)
    load_organisations(session)
