from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from crm.accounts.models import Role, Scope
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


class CodeForm(FormModel):
    """A code of an app, or of the sheet of recovery codes."""

    code: str = Field(max_length=40)
    next: str = "/"


class RemoveFactorForm(FormModel):
    password: str = Field(default="", max_length=200)
    code: str = Field(max_length=40)


class ProofForm(FormModel):
    """That the one at the keyboard is the one who signed in: the password, or a code where the account has none."""

    password: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=40)


class NewPasskeyForm(ProofForm):
    name: str = Field(max_length=80)


class PasskeyForm(FormModel):
    """What the browser says for a passkey, as JSON. ``second``: after a password, or after the provider."""

    credential: str = Field(default="", max_length=20_000)
    next: str = "/"
    second: bool = False


class NextForm(FormModel):
    next: str = "/"


class RequireForm(FormModel):
    office_id: UUID
    required: bool = False


class TokenForm(FormModel):
    name: str = Field(max_length=120)
    scopes: list[Scope] = Field(min_length=1)
    days: int = Field(ge=1, le=366)


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


class JournalSearch(FormModel):
    """The address of the journal: whose lines, which verbs, about what, which days (both included)."""

    who: list[UUID] = Field(default_factory=list)
    verb: list[str] = Field(default_factory=list)
    kind: list[str] = Field(default_factory=list)
    subject: UUID | None = None
    since: Day | None = None
    until: Day | None = None
    after: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "JournalSearch":
        if self.since and self.until and self.until < self.since:
            raise ValueError(_l("The last day is before the first."))
        return self

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(filter, value) of all that is chosen."""
        lists = [(name, str(value)) for name in ("who", "verb", "kind") for value in getattr(self, name)]
        single = [(name, str(getattr(self, name))) for name in ("subject", "since", "until") if getattr(self, name)]
        return lists + single
