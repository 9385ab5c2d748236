"""What a mission writes to a listed person, in that person's language."""

from dataclasses import dataclass
from datetime import date

from crm.accounts.models import Office
from crm.core.i18n import gettext as _
from crm.core.i18n import speaking
from crm.core.mail import Letter
from crm.core.templates import show_date


@dataclass(frozen=True)
class Addressee:
    name: str
    email: str | None
    language: str


def request(to: Addressee, office: Office, address: str, until: date) -> Letter:
    """The first question. ``until`` is the last day of the link."""
    with speaking(to.language):
        subject = _("May %(office)s list you on the PI Map?", office=office.name)
        text = _(
            "Dear %(name)s,\n\n"
            "%(office)s would like to list you on the PI Map, a public list of researchers abroad with ties to Japan, "
            "so that students and colleagues in Japan can find you.\n\n"
            "Nothing is public yet. On this page you see your entry exactly as it would be shown, in Japanese and in "
            "English. You can correct it, choose what is shown, agree or decline:\n\n"
            "%(address)s\n\n"
            "No account is needed. The link is yours alone and works until %(until)s. With the same link you can "
            "withdraw your entry later.\n\n"
            "If you do nothing, nothing is published.\n\n"
            "%(office)s",
            name=to.name,
            office=office.name,
            address=address,
            until=show_date(until),
        )
    return _letter("listing_request", to, office, subject, text)


def reminder(to: Addressee, office: Office, address: str, until: date) -> Letter:
    with speaking(to.language):
        subject = _("Reminder: your entry on the PI Map")
        text = _(
            "Dear %(name)s,\n\n"
            "We wrote to you about your entry on the PI Map and have not heard from you. If you have two minutes, "
            "please look at it here, and agree or decline:\n\n"
            "%(address)s\n\n"
            'The link works until %(until)s. If you would rather not be listed, one press of "Decline" is enough, '
            "and we will not ask again.\n\n"
            "%(office)s",
            name=to.name,
            office=office.name,
            address=address,
            until=show_date(until),
        )
    return _letter("listing_reminder", to, office, subject, text)


def reconfirmation(to: Addressee, office: Office, address: str, until: date) -> Letter:
    with speaking(to.language):
        subject = _("Is your entry on the PI Map still right?")
        text = _(
            "Dear %(name)s,\n\n"
            "Once a year we ask everybody on the PI Map whether the entry is still right. Please look at yours here, "
            "correct it if needed, and confirm it:\n\n"
            "%(address)s\n\n"
            "The link works until %(until)s. An entry that is not confirmed is hidden after a time of grace. "
            "You can also withdraw it on the same page.\n\n"
            "%(office)s",
            name=to.name,
            office=office.name,
            address=address,
            until=show_date(until),
        )
    return _letter("listing_confirmation", to, office, subject, text)


def thanks(to: Addressee, office: Office, address: str, until: date) -> Letter:
    """Sent after agreement, with the link for later changes."""
    with speaking(to.language):
        subject = _("Thank you: your entry on the PI Map")
        text = _(
            "Dear %(name)s,\n\n"
            "Thank you for agreeing to be listed. %(office)s will publish your entry as you confirmed it.\n\n"
            "Keep this link to change or withdraw the entry; it works until %(until)s:\n\n"
            "%(address)s\n\n"
            "%(office)s",
            name=to.name,
            office=office.name,
            address=address,
            until=show_date(until),
        )
    return _letter("listing_thanks", to, office, subject, text)


def message_check(name: str, email: str, language: str, recipient: str, address: str) -> Letter:
    """To somebody who wrote by the form: is it you? Without the message, which waits for the answer."""
    with speaking(language):
        subject = _("Please confirm your message to %(recipient)s", recipient=recipient)
        text = _(
            "Dear %(name)s,\n\n"
            "Somebody, we think you, wrote a message to %(recipient)s on the PI Map. To send it, please open this page "
            "and press the button there:\n\n"
            "%(address)s\n\n"
            "The link works for two days; then the message is deleted. If you wrote nothing, please do nothing.",
            name=name,
            recipient=recipient,
            address=address,
        )
    return Letter("relay_check", email, name, subject, text, language)


def interest_check(to: Addressee, office: Office, address: str, until: date) -> Letter:
    """To somebody who left an entry: is it you? Without what was typed, which waits for the answer."""
    with speaking(to.language):
        subject = _("Please confirm your entry: interested in Japan")
        text = _(
            "Dear %(name)s,\n\n"
            "Somebody, we think you, left an entry with %(office)s as a person interested in Japan. To hand it in, "
            "please open this page and press the button there:\n\n"
            "%(address)s\n\n"
            "Nobody at the office sees the entry before that. If it is not confirmed by %(until)s, it is deleted. If "
            "you wrote nothing, please do nothing.\n\n"
            "Keep this letter: with the same link you can take the entry back.\n\n"
            "%(office)s",
            name=to.name,
            office=office.name,
            address=address,
            until=show_date(until),
        )
    return _letter("interest_check", to, office, subject, text)


def message_for(to: Addressee, office: Office, name: str, email: str, message: str) -> Letter:
    """The message itself, as its sender wrote it; an answer goes to the sender."""
    with speaking(to.language):
        subject = _("A message from %(name)s by way of the PI Map", name=name)
        text = _(
            "Dear %(recipient)s,\n\n"
            "%(name)s (%(email)s) wrote to you by way of your entry on the PI Map. The address was checked; who they "
            "are was not. If you answer this letter, they will see your address. If you do nothing, they will not.\n\n"
            "----\n\n"
            "%(words)s\n\n"
            "----\n\n"
            "You can turn such messages off in your entry. We keep no copy of this letter.\n\n"
            "%(office)s",
            recipient=to.name,
            name=name,
            email=email,
            words=message,
            office=office.name,
        )
    return Letter("relay_message", to.email or "", to.name, subject, text, to.language, reply_to=email)


def _letter(kind: str, to: Addressee, office: Office, subject: str, text: str) -> Letter:
    return Letter(kind, to.email or "", to.name, subject, text, to.language, reply_to=office.contact_email)
