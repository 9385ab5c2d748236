"""What is typed when a person is shown to another office."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from crm.core.forms import Day, FormModel
from crm.people.models import Facet

MONTHS = 6
"""How long a share lasts when nothing else is said."""


class ShareForm(FormModel):
    office: UUID
    facet: Facet = Facet.PERSON
    reason: Annotated[str, Field(max_length=500)]
    until: Day


class OfferForm(FormModel):
    office: UUID
    reason: Annotated[str, Field(max_length=500)]


def likely_end(today: date) -> date:
    return today + timedelta(days=round(30.5 * MONTHS))
