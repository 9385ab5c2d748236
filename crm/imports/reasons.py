"""Why a row is what it is: codes and sentences, said in the reader's language when they are shown."""

from crm.core.i18n import Lazy, gettext
from crm.core.i18n import lazy_gettext as _l
from crm.imports.reading.errors import SENTENCES

ERASED = "erased"
REASONS: dict[str, Lazy] = {
    "by_identifier": _l("The same identifier"),
    "by_email": _l("The same e-mail address"),
    "applied_before": _l("This row has been applied before."),
    "twice_in_file": _l("The same person as in row %(row)s"),
    "identifier_twice": _l("Row %(row)s has the same identifier with another name."),
    "email_twice": _l("Row %(row)s has the same e-mail address with another name."),
    "name_twice": _l("Row %(row)s has the same name and institution."),
    "identifier_other_name": _l("This identifier belongs to a person with another name."),
    "email_other_name": _l("This e-mail address belongs to a person with another name."),
    ERASED: _l("This person had their data erased and is not taken in again. Ask them before adding them by hand."),
    "two_people": _l("The identifier and the e-mail address belong to two different people."),
}


def explain(reason: str | None, row: int | None = None) -> str:
    """A stored reason is one code, with the row it speaks of, or several sentences of the matching, one a line."""
    if not reason:
        return ""
    known = REASONS.get(reason) or SENTENCES.get(reason)
    if known is not None:
        return gettext(known.message, row=row) if "%(row)s" in known.message else str(known)
    return " · ".join(gettext(line) for line in reason.split("\n"))
