from uuid import UUID

from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.actions.sessions import end_all_sessions
from crm.accounts.forms import InviteForm, TermForm
from crm.accounts.journal import change, record
from crm.accounts.letters import invitation, password_reset
from crm.accounts.links import find_link, issue_link, revoke_links
from crm.accounts.models import LinkPurpose, Membership, Office, OfficeKind, User
from crm.core.columns import now
from crm.core.errors import Forbidden, Missing, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import post

INVITATION_DAYS = 14
RESET_DAYS = 1 / 24


def check_manages(actor: Actor, office_id: UUID) -> None:
    """The operator's administrators manage every office, others their own."""
    if actor.office_kind is not OfficeKind.OPERATOR and actor.office_id != office_id:
        raise Forbidden()


def invite_user(session: Session, actor: Actor, base_url: str, form: InviteForm) -> tuple[User, str]:
    """Make a membership, and a user where the address is new; the one-time link is returned and sent by letter."""
    check_manages(actor, form.office_id)
    office = session.get(Office, form.office_id)
    if office is None:
        raise WrongField("office_id", _l("Please choose one of the options."))
    user = session.exec(select(User).where(User.email == form.email)).first()
    if user is None:
        user = User(email=form.email, name=form.name, language=form.language)
        session.add(user)
        session.flush()
    membership = Membership(user_id=user.id, office_id=office.id, role=form.role, since=form.since, until=form.until)
    session.add(membership)
    session.flush()
    token = issue_link(session, LinkPurpose.INVITATION, user.id, days=INVITATION_DAYS, actor=actor)
    address = f"{base_url}/welcome/{token}"
    post(session, invitation(user, office, address), office_id=office.id)
    record(session, actor, "invited", membership, {"role": form.role, "user": user.email})
    return user, address


def change_term(session: Session, actor: Actor, membership: Membership, form: TermForm) -> None:
    check_manages(actor, membership.office_id)
    if form.until and form.until < membership.since:
        raise WrongField("until", _l("The term ends before it begins."))
    record(session, actor, "changed_term", membership, change(membership, {"until": form.until}))


def ask_for_reset(session: Session, base_url: str, email: str) -> None:
    """Send a link to a known address; an unknown one gets nothing, and the page says the same to both."""
    user = session.exec(select(User).where(User.email == email)).first()
    if user is None or user.closed_at:
        return
    revoke_links(session, LinkPurpose.PASSWORD_RESET, user.id)
    token = issue_link(session, LinkPurpose.PASSWORD_RESET, user.id, days=RESET_DAYS)
    post(session, password_reset(user, f"{base_url}/new-password/{token}"))
    record(session, None, "asked_for_reset", user)


def set_password_by_link(session: Session, purpose: LinkPurpose, token: str, password_hash: str) -> User:
    """A one-time link sets a password once; every open session of the user ends."""
    link = find_link(session, purpose, token)
    user = session.get(User, link.subject_id)
    if user is None or link.used_at or user.closed_at:
        raise Missing(_l("This link has already been used. Please sign in, or ask for a new one."))
    link.used_at = now()
    set_password(session, user, password_hash)
    end_all_sessions(session, user.id)
    record(session, None, "set_password", user)
    return user


def set_password(session: Session, user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    user.password_changed_at = now()
    session.flush()
