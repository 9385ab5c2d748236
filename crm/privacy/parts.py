"""What of a request can be granted for itself, where it is granted in part."""

from collections.abc import Mapping

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.privacy.models import RequestKind, RightsRequest

CORRECTION: Mapping[str, Lazy] = {
    "full_name": _l("Name as written"),
    "kanji": _l("Name in Japanese characters"),
    "kana": _l("Reading in kana"),
    "latin": _l("Name in Latin letters"),
    "title": _l("Position"),
    "institution": _l("Institution"),
    "unit": _l("Department or laboratory"),
    "city": _l("City"),
}
SUSPENSION: Mapping[str, Lazy] = {
    "addresses": _l("Writing to the addresses"),
    "shares": _l("Showing the record to other offices"),
    "consents": _l("What rests on consent, such as the entry on the PI Map"),
}
ERASURE: Mapping[str, Lazy] = {
    "contact_point": _l("Addresses and telephone numbers"),
    "note": _l("The note of the office"),
    "interaction_participant": _l("Contacts with the person"),
    "task": _l("Follow-ups"),
    "outbox_letter": _l("Letters"),
    "relation": _l("Relations"),
    "person_tag": _l("Tags"),
    "consents": _l("What rests on consent, such as the entry on the PI Map"),
}
"""By the table that holds it."""


def parts_of(request: RightsRequest) -> dict[str, Lazy]:
    """Empty for a kind that is carried out by hand, and where nothing stands for itself."""
    match request.kind:
        case RequestKind.CORRECTION:
            return {name: label for name, label in CORRECTION.items() if name in request.wishes}
        case RequestKind.SUSPENSION:
            return dict(SUSPENSION)
        case RequestKind.ERASURE:
            return dict(ERASURE)
    return {}


def granted(request: RightsRequest) -> dict[str, Lazy]:
    """What is to be carried out."""
    parts = parts_of(request)
    return {name: parts[name] for name in parts if name in request.parts} if request.decision == "partly" else parts
