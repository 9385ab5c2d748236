from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from crm.accounts.models import Role
from crm.accounts.passwords import check_strength
from crm.core.forms import Day, FormModel
from crm.core.i18n import lazy_gettext as _l


def email_address(text: str) -> str:
    """An address in lower case; one ``@``, a domain with a dot, no spaces."""
    address = text.strip().casefold()
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain.strip(".") or any(c.isspace() for c in address) or "@" in local:
        raise ValueError(_l("Please give an e-mail address such as name@example.org."))
    return address


Email = Annotated[str, Field(max_length=254), AfterValidator(email_address)]
NewPassword = Annotated[str, Field(max_length=200), AfterValidator(check_strength)]


class SignInForm(FormModel):
    email: Email
    password: str = Field(max_length=200)
    next: str = "/"


class AddressForm(FormModel):
    email: Email


class NewPasswordForm(FormModel):
    password: NewPassword
    repeated: str = Field(max_length=200)

    @model_validator(mode="after")
    def _same_twice(self) -> "NewPasswordForm":
        if self.password != self.repeated:
            raise ValueError(_l("The two passwords differ."))
        return self


class ChangePasswordForm(NewPasswordForm):
    current: str = Field(max_length=200)


class SwitchForm(FormModel):
    membership_id: UUID
    next: str = "/"


class InviteForm(FormModel):
    email: Email
    name: str = Field(max_length=120)
    office_id: UUID
    role: Role
    language: str = "ja"
    since: Day
    until: Day | None = None

    @model_validator(mode="after")
    def _term_in_order(self) -> "InviteForm":
        if self.until and self.until < self.since:
            raise ValueError(_l("The term ends before it begins."))
        return self


class TermForm(FormModel):
    until: Day | None = None
