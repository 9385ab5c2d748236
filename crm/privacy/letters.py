"""What a person is told about their own data, in the language in which they asked."""

from datetime import date

from crm.accounts.models import Office
from crm.core.i18n import gettext as _
from crm.core.i18n import speaking
from crm.core.mail import Letter
from crm.core.templates import show_date
from crm.privacy.models import Decision, RequestKind, RightsRequest


def personal_link(name: str, email: str, language: str, address: str) -> Letter:
    with speaking(language):
        subject = _("Your own data: a personal link")
        text = _(
            "Dear %(name)s,\n\n"
            "Somebody, we think you, asked to see what is recorded about you. This page shows it:\n\n"
            "%(address)s\n\n"
            "The link works for one day. It is yours alone: please do not pass this message on.\n\n"
            "If you did not ask, nothing has changed and you need not do anything.",
            name=name,
            address=address,
        )
    return Letter("my_data", email, name, subject, text, language)


def received(request: RightsRequest, office: Office) -> Letter:
    with speaking(request.language):
        kind = RequestKind(request.kind).label
        subject = _("We have received your request (%(kind)s)", kind=kind)
        text = _(
            "Dear %(name)s,\n\n"
            "%(office)s received your request on %(day)s: %(kind)s. It will decide by %(due)s and write to you.\n\n"
            "%(office)s",
            name=request.requester,
            office=office.name,
            day=show_date(request.received_on),
            kind=kind,
            due=show_date(request.due),
        )
    return _letter("rights_received", request, office, subject, text)


def extended(request: RightsRequest, office: Office) -> Letter:
    with speaking(request.language):
        kind = RequestKind(request.kind).label
        subject = _("Your request (%(kind)s) needs more time", kind=kind)
        text = _(
            "Dear %(name)s,\n\n"
            "%(office)s cannot yet decide on your request of %(day)s (%(kind)s). It will decide by %(due)s.\n\n"
            "Reason: %(why)s\n\n"
            "%(office)s",
            name=request.requester,
            office=office.name,
            day=show_date(request.received_on),
            kind=kind,
            due=show_date(request.due),
            why=request.extended_why or "",
        )
    return _letter("rights_received", request, office, subject, text)


def decided(request: RightsRequest, office: Office, grounds: list[str], day: date) -> Letter:
    """``grounds``: sentences in the language of the request."""
    with speaking(request.language):
        kind = RequestKind(request.kind).label
        subject = _("Decision on your request (%(kind)s)", kind=kind)
        text = _(
            "Dear %(name)s,\n\n"
            "%(office)s decided on %(day)s on your request received on %(received)s.\n\n"
            "Request: %(kind)s\n"
            "Decision: %(decision)s\n"
            "%(why)s\n\n"
            "If you do not agree with this decision, please write to %(office)s, which will tell you how to have it "
            "reviewed.\n\n"
            "%(office)s",
            name=request.requester,
            office=office.name,
            day=show_date(day),
            received=show_date(request.received_on),
            kind=kind,
            decision=Decision(request.decision).label if request.decision else "",
            why="\n".join([*grounds, *([request.reasons] if request.reasons else [])]),
        )
    return _letter("rights_decided", request, office, subject, text)


def _letter(kind: str, request: RightsRequest, office: Office, subject: str, text: str) -> Letter:
    return Letter(
        kind, request.reply_to, request.requester, subject, text, request.language, reply_to=office.contact_email
    )
