"""What a person is told of their record."""

from crm.accounts.models import Office
from crm.core.i18n import LANGUAGES, speaking
from crm.core.i18n import gettext as _
from crm.core.mail import Letter
from crm.people.models import Person


def language_of(person: Person) -> str:
    """The language a person asked for, else Japanese for names with a Japanese form."""
    if person.preferred_language in LANGUAGES:
        return str(person.preferred_language)
    return "ja" if person.kanji or person.kana else "en"


def moved(person: Person, email: str, giver: Office, taker: Office) -> Letter:
    language = language_of(person)
    name = (person.kanji if language == "ja" else person.latin) or person.full_name
    with speaking(language):
        subject = _("%(taker)s is your new contact", taker=taker.name)
        text = _(
            "Dear %(name)s,\n\n"
            "Since you have moved, %(giver)s has handed your record over to %(taker)s, which will be glad to hear from "
            "you.\n\n"
            "What you have allowed does not move along: %(taker)s will ask you anew before it publishes anything.\n\n"
            "If you do not want this, please tell either office.\n%(where)s\n\n"
            "%(taker)s",
            name=name,
            giver=giver.name,
            taker=taker.name,
            where=_where(giver, taker),
        )
    return Letter("moved", email, name, subject, text, language, reply_to=taker.contact_email)


def _where(*offices: Office) -> str:
    """Each office with its address, where it has given one."""
    return "\n".join(": ".join(part for part in (each.name, each.contact_email) if part) for each in offices)
