"""What leaves the office from this room, as approval knows it."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.contributions import OutwardAct, Proposed, Reading
from crm.core.errors import Refused
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.i18n import ngettext
from crm.listings.actions.publishing import PUBLICATION, publish_all
from crm.listings.actions.requests import CONSENT_LETTERS, REMINDERS, Asked, remind, request_consent
from crm.listings.models import Listing
from crm.listings.queries.lists import listings_of


def lines(session: Session, actor: Actor, proposed: Proposed) -> list[Reading]:
    chosen = session.execute(listings_of(actor).where(col(Listing.id).in_(proposed.ids)))
    return [Reading(person.kanji or person.full_name, f"/listings/{listing.id}") for listing, person in chosen]


def publish_approved(session: Session, actor: Actor, _base_url: str, proposed: Proposed) -> str:
    done, refused = publish_all(session, actor, proposed.ids, approved=True)
    if not done and refused:
        raise Refused(_l("Nothing can be published any more: %(name)s: %(why)s", name=refused[0][0], why=refused[0][1]))
    said = [ngettext("%(num)s entry is public.", "%(num)s entries are public.", done)]
    said += [_("%(name)s: %(reason)s", name=name, reason=why) for name, why in refused]
    return "\n".join(said)


def _ask(act: Callable[..., Asked]) -> Callable[[Session, Actor, str, Proposed], str]:
    def carry_out(session: Session, actor: Actor, base_url: str, proposed: Proposed) -> str:
        asked = act(session, actor, base_url, proposed.ids, approved=True)
        said = ngettext("%(num)s letter is in the outbox.", "%(num)s letters are in the outbox.", asked.letters)
        lost = len(asked.without_address)
        if not lost:
            return said
        missing = ngettext("%(num)s person has no address; see the worklist.", "%(num)s people have no address.", lost)
        return f"{said}\n{missing}"

    return carry_out


def _letters(kind: str, label: Any, act: Callable[..., Asked]) -> OutwardAct:
    return OutwardAct(kind, label, Permission.LETTERS_SEND, lines, _ask(act))


ACTS = [
    OutwardAct(
        PUBLICATION, _l("Publishing entries on the PI Map"), Permission.LISTINGS_PUBLISH, lines, publish_approved
    ),
    _letters(CONSENT_LETTERS, _l("Asking several people at once for their consent"), request_consent),
    _letters(REMINDERS, _l("Reminding several people at once"), remind),
]
