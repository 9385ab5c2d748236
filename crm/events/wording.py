"""The letters of an event: texts with fields in braces, filled for each guest. A field that we do not know is an error.

A line whose fields are all empty for a guest is left out, so that no letter says "Dress:" and nothing more.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from crm.core.errors import WrongField
from crm.core.i18n import GUEST_LANGUAGES, Lazy, speaking
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.events.models import Event, LetterKind

FIELDS: dict[str, Lazy] = {
    "salutation": _l("How the guest is addressed"),
    "name": _l("Name of the guest"),
    "event": _l("Title of the event"),
    "when": _l("Day and time, where the event is"),
    "place": _l("Venue"),
    "access": _l("How to get there"),
    "dress": _l("Dress"),
    "programme": _l("Programme"),
    "answer_by": _l("Last day to answer"),
    "companions": _l("How many guests they may bring"),
    "host": _l("Your office"),
    "hosts": _l("Your office, co-hosts, supporters"),
    "link": _l("Their personal page"),
}
GUEST_FIELDS = frozenset({"salutation", "name", "link"})
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_GAPS = re.compile(r"\n{3,}")
ANSWERED = (LetterKind.INVITE, LetterKind.REMINDER, LetterKind.CORRECTION)
"""Kinds that must lead to the page where one answers."""


@dataclass(frozen=True)
class Wording:
    subject: str
    body: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.subject}\0{self.body}".encode()).hexdigest()[:32]


def unknown_fields(text: str) -> list[str]:
    return [name for name in _FIELD.findall(text) if name.strip() not in FIELDS]


def check(name: str, text: str) -> None:
    """WrongField for a field that there is not; a single brace would be sent as it stands."""
    if unknown := unknown_fields(text):
        raise WrongField(name, _l("There is no field {%(field)s}. Please choose one of the list.", field=unknown[0]))
    if "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text):
        raise WrongField(name, _l("A brace is open. Fields are written like {name}."))


def fill(text: str, values: Mapping[str, str], later: frozenset[str] = frozenset()) -> str:
    """``later``: fields that stay as they stand, to be filled for each guest; they are never empty."""
    lines = []
    for line in text.split("\n"):
        names = [name.strip() for name in _FIELD.findall(line)]
        if names and not any(values.get(name) or name in later for name in names):
            continue
        lines.append(_FIELD.sub(lambda found: _said(found, values, later), line) if names else line)
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def _said(found: re.Match[str], values: Mapping[str, str], later: frozenset[str]) -> str:
    name = found[1].strip()
    return found[0] if name in later else values.get(name, "")


def suggested(event: Event, kind: LetterKind, language: str) -> Wording | None:
    """A text to begin with, in the languages that guests are spoken to in; others are the office's to write."""
    if language not in GUEST_LANGUAGES:
        return None
    with speaking(language, GUEST_LANGUAGES):
        return _TEXTS[kind](event)


def _invite(_event: Event) -> Wording:
    return Wording(
        _("Invitation: {event}"),
        _(
            "{salutation}\n\n"
            "{host} requests the pleasure of your company at\n\n"
            "{event}\n\n"
            "{when}\n"
            "{place}\n"
            "Dress: {dress}\n"
            "Accompanying guests: up to {companions}\n\n"
            "{programme}\n\n"
            "Please let us know on your personal page whether you can come:\n"
            "{link}\n"
            "We would be grateful for your answer by {answer_by}.\n\n"
            "You need no account. After your answer the page shows the code for the reception desk, and it is there "
            "that you can change your answer.\n\n"
            "{hosts}"
        ),
    )


def _reminder(_event: Event) -> Wording:
    return Wording(
        _("May we expect you? {event}"),
        _(
            "{salutation}\n\n"
            "We wrote to you about\n\n"
            "{event}\n"
            "{when}\n"
            "{place}\n\n"
            "and have not heard from you yet. One press on your personal page is enough, also if you cannot come:\n"
            "{link}\n"
            "We would be grateful for your answer by {answer_by}.\n\n"
            "{hosts}"
        ),
    )


def _correction(_event: Event) -> Wording:
    return Wording(
        _("Correction: {event}"),
        _(
            "{salutation}\n\n"
            "Our last letter had a mistake, for which we apologise. The right details are:\n\n"
            "{event}\n"
            "{when}\n"
            "{place}\n\n"
            "Your personal page, and any answer that you have given, stay as they are:\n"
            "{link}\n\n"
            "{hosts}"
        ),
    )


def _cancellation(_event: Event) -> Wording:
    return Wording(
        _("Cancelled: {event}"),
        _(
            "{salutation}\n\n"
            "We are sorry to tell you that the following event will not take place:\n\n"
            "{event}\n"
            "{when}\n"
            "{place}\n\n"
            "Please forgive the trouble that this may cause you. You need not do anything; the enclosed entry removes "
            "the event from your calendar.\n\n"
            "{hosts}"
        ),
    )


def _thanks(_event: Event) -> Wording:
    return Wording(
        _("Thank you for coming: {event}"),
        _(
            "{salutation}\n\n"
            "Thank you very much for being with us at {event}. We were glad to meet you and hope to stay in touch.\n\n"
            "We would be glad to hear how you found it, in a minute on your personal page:\n"
            "{link}\n\n"
            "{hosts}"
        ),
    )


def _missed(_event: Event) -> Wording:
    return Wording(
        _("We were sorry to miss you: {event}"),
        _(
            "{salutation}\n\n"
            "We were sorry that we could not meet at {event}. We hope that there will be another occasion soon.\n\n"
            "{hosts}"
        ),
    )


_TEXTS = {
    LetterKind.INVITE: _invite,
    LetterKind.REMINDER: _reminder,
    LetterKind.CORRECTION: _correction,
    LetterKind.THANKS: _thanks,
    LetterKind.MISSED: _missed,
    LetterKind.CANCELLATION: _cancellation,
}
