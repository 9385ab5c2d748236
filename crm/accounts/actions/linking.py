"""A user's own link to the provider: made and undone by the user, who is told by letter each time."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.actions.provider import check_speaks_for
from crm.accounts.actions.sessions import end_all_sessions
from crm.accounts.journal import record
from crm.accounts.letters import provider_linked, provider_unlinked
from crm.accounts.models import ProviderLink, User
from crm.accounts.provider import Identity
from crm.accounts.queries import current_posts, own_link
from crm.accounts.queries.factors import passkeys_of
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import post
from crm.core.settings import Provider


def check_may_link(session: Session, actor: Actor, provider: Provider) -> None:
    """Whoever has come by a password alone cannot open an office that asks for the provider in this way."""
    if own_link(session, actor.user_id, provider.issuer):
        raise Refused(_l("Your account is linked already. Please separate it first."))
    if _asking(session, actor) and not actor.by_provider:
        raise Refused(_l("Please sign in through the sign-in service yourself: your account is linked by that."))


def link_own(session: Session, actor: Actor, provider: Provider, identity: Identity) -> ProviderLink:
    """The address may be another than here; who else has this identity already is not said."""
    check_may_link(session, actor, provider)
    if provider.domains:
        check_speaks_for(provider, identity)
    taken = (col(ProviderLink.issuer) == provider.issuer) & (col(ProviderLink.subject) == identity.subject)
    link = ProviderLink(user_id=actor.user_id, issuer=provider.issuer, subject=identity.subject)
    try:
        if session.execute(select(col(ProviderLink.id)).where(taken)).first():
            raise _not_yours()
        with session.begin_nested():
            session.add(link)
            session.flush()
    except IntegrityError as fault:
        raise _not_yours() from fault
    record(session, actor, "linked", link)
    post(session, provider_linked(session.get_one(User, actor.user_id), provider.label))
    return link


def _not_yours() -> Refused:
    return Refused(_l("This account at the sign-in service cannot be linked to yours. Please ask your administrator."))


def unlink_own(session: Session, actor: Actor, provider: Provider) -> None:
    """Other devices are signed out: whoever came in through the provider may be the reason."""
    link = own_link(session, actor.user_id, provider.issuer)
    if link is None:
        raise Missing()
    user = session.get_one(User, actor.user_id)
    if asking := _asking(session, actor):
        raise Refused(_l("%(office)s asks its members to sign in through the sign-in service.", office=asking))
    if not user.password_hash and not passkeys_of(session, user.id):
        raise Refused(_l("This is your only way in. Please add a passkey or choose a password first."))
    record(session, actor, "unlinked", link)
    session.delete(link)
    end_all_sessions(session, user.id, but=actor.session_id)
    post(session, provider_unlinked(user, provider.label))
    session.flush()


def _asking(session: Session, actor: Actor) -> str:
    """An office of the user's own that asks for the provider."""
    posts = current_posts(session, actor.user_id)
    return next((office.name for _membership, office in posts if office.provider_required), "")
