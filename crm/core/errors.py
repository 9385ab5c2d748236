"""Business errors: each knows its HTTP status and says a translatable sentence; one handler shows them."""

from uuid import UUID

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l


class Problem(Exception):
    status = 400
    sentence: Lazy | str = _l("Something in this request could not be understood.")

    def __init__(self, sentence: Lazy | str | None = None) -> None:
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return str(self.sentence)


class Missing(Problem):
    status = 404
    sentence = _l("This page does not exist, or it is not open to you.")


class Moved(Missing):
    """The record ``old`` went into ``now``, which the reader may see: a page leads there, a change says so."""

    status = 409
    sentence = _l("This record was merged into another one in the meantime. Nothing was saved.")

    def __init__(self, old: UUID, now: UUID) -> None:
        self.old, self.now = old, now
        super().__init__()


class Forbidden(Problem):
    status = 403
    sentence = _l("Your role does not allow this.")


class Refused(Problem):
    """The rules of the house do not allow this change now."""

    status = 409
    sentence = _l("This cannot be done now.")


class Faulty(Problem):
    """A form that no page of ours would send."""

    status = 422


class TooMany(Problem):
    status = 429
    sentence = _l("Too many attempts. Please wait a few minutes and try again.")


class WrongField(Problem):
    """A value of a form is wrong; the sentence is shown beside the field."""

    status = 422

    def __init__(self, field: str, sentence: Lazy | str) -> None:
        self.field = field
        super().__init__(sentence)


class FactorNeeded(Problem):
    """The office asks for a second factor that the user has not set up yet."""

    status = 403
    sentence = _l("Your office asks for a second factor. Please set it up first.")


class ProviderNeeded(Problem):
    """The office asks for sign-in through the provider, and the user has come another way."""

    status = 403
    sentence = _l("Your office asks you to sign in through its sign-in service.")


class SignInNeeded(Problem):
    status = 401
    sentence = _l("Please sign in first.")
