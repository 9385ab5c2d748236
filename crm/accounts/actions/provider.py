"""Users and who they are at the provider. Nobody gets an account by this: only who was invited comes in."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.actions.users import check_manages
from crm.accounts.journal import change, record
from crm.accounts.models import Membership, Office, ProviderLink, User
from crm.accounts.provider import Identity
from crm.accounts.queries import own_link
from crm.core.errors import Missing, Problem, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import Provider


class NotKnown(Problem):
    """The provider knows somebody who has no account here."""

    status = 403
    sentence = _l("You have no account here yet. Please ask your administrator for an invitation.")


def user_of(session: Session, provider: Provider, identity: Identity) -> User:
    """By the link of an earlier sign-in; the first time by a verified address to which somebody was invited."""
    theirs = (col(ProviderLink.issuer) == provider.issuer) & (col(ProviderLink.subject) == identity.subject)
    known = select(User).join(ProviderLink, col(ProviderLink.user_id) == col(User.id)).where(theirs)
    user: User = session.execute(known).scalars().first() or _link(session, provider, identity)
    if user.closed_at:
        raise NotKnown()
    return user


def check_speaks_for(provider: Provider, identity: Identity) -> str:
    """The address, where the provider has verified it and may speak for it."""
    address = identity.email.strip().casefold()
    domain = address.rpartition("@")[2]
    if not address or not identity.verified:
        raise NotKnown(
            _l("The sign-in service has not verified your e-mail address, so nobody here can be found by it.")
        )
    if provider.domains and domain not in provider.domains:
        raise NotKnown(_l("The sign-in service does not speak for addresses of %(domain)s here.", domain=domain))
    return address


def _link(session: Session, provider: Provider, identity: Identity) -> User:
    address = check_speaks_for(provider, identity)
    user: User | None = session.execute(select(User).where(col(User.email) == address)).scalars().first()
    if user is None or user.closed_at:
        raise NotKnown(
            _l("%(email)s has no account here. Please ask your administrator for an invitation.", email=address)
        )
    if own_link(session, user.id, provider.issuer):
        raise NotKnown(
            _l("Your account here belongs to somebody else at the sign-in service. Please ask your administrator.")
        )
    link = ProviderLink(user_id=user.id, issuer=provider.issuer, subject=identity.subject)
    session.add(link)
    session.flush()
    record(session, None, "linked", link, {"user": user.email})
    return user


def unlink(session: Session, actor: Actor, membership_id: UUID) -> User:
    """By an administrator: at the next sign-in the address decides anew."""
    membership = session.get(Membership, membership_id)
    if membership is None:
        raise Missing()
    check_manages(actor, membership.office_id)
    user = session.get_one(User, membership.user_id)
    session.execute(delete(ProviderLink).where(col(ProviderLink.user_id) == user.id))
    record(session, actor, "unlinked", user)
    return user


def require_provider(session: Session, actor: Actor, office_id: UUID, *, required: bool) -> Office:
    """Whether an office's members must sign in through the provider; who asks for it has come that way."""
    check_manages(actor, office_id)
    office = session.get(Office, office_id)
    if office is None:
        raise Missing()
    if required and actor.session_id and not actor.by_provider:
        raise Refused(_l("Please sign in through the sign-in service yourself first, so that nobody is locked out."))
    changes = change(office, {"provider_required": required})
    session.flush()
    if changes:
        record(session, actor, "changed", office, changes)
    return office
