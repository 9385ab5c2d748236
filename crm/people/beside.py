"""Forms for the rows beside a record: posts, ways to reach the person, further names."""

from datetime import date
from typing import Annotated

import phonenumbers
from pydantic import Field, ValidationInfo, field_validator

from crm.core.columns import now
from crm.core.forms import Day, FormModel
from crm.core.i18n import gettext as _
from crm.people.forms import Short, valid_country, valid_email
from crm.people.models import ContactKind, ContactState, NameKind


class BesideForm(FormModel):
    """``version`` is that of the record that the editor saw."""

    version: int | None = None


class PostForm(BesideForm):
    institution: Short
    unit: Short | None = None
    title: Short | None = None
    city: Short | None = None
    country: Annotated[str | None, valid_country] = None
    since: Day | None = None
    until: Day | None = None
    main: bool = False

    @field_validator("until")
    @classmethod
    def _ends_after_it_begins(cls, value: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if value and since and value < since:
            raise ValueError(_("The end must not be before the beginning."))
        if value and value > now().date():
            raise ValueError(_("Please leave the end empty until it has come."))
        return value


class ContactForm(BesideForm):
    kind: ContactKind = ContactKind.EMAIL
    value: Annotated[str, Field(max_length=500)]
    state: ContactState = ContactState.OK

    @field_validator("value")
    @classmethod
    def _fits_its_kind(cls, value: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        if kind == ContactKind.EMAIL:
            return valid_email(value)
        return _international(value) if kind == ContactKind.PHONE else value


class NameForm(BesideForm):
    kind: NameKind = NameKind.PEN
    full: Short

    @field_validator("kind")
    @classmethod
    def _is_not_the_written_one(cls, value: NameKind) -> NameKind:
        if value is NameKind.WRITTEN:
            raise ValueError(_("The name as written is changed in the record itself."))
        return value


def _international(value: str) -> str:
    """``+1 617-555-0134``; a number without its country stays as it was typed."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        if value.strip().startswith("+"):
            raise ValueError(_("This cannot be a phone number.")) from None
        return value
    if not phonenumbers.is_possible_number(number):
        raise ValueError(_("This cannot be a phone number."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
