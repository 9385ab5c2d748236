"""Who is asking: every route says in its signature who may enter."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlmodel import Session, col

from crm.accounts.models import Membership, Office, OfficeKind, Passkey, Role, SecondFactor, User, UserSession
from crm.accounts.models.offices import office_name
from crm.accounts.permissions import PERMISSIONS, Permission
from crm.core.columns import now
from crm.core.db import Sess, database_of
from crm.core.errors import FactorNeeded, Forbidden, ProviderNeeded, SignInNeeded
from crm.core.i18n import current_language
from crm.core.web import settings_of


@dataclass(frozen=True, slots=True)
class Post:
    """One current membership, for the office switcher."""

    id: UUID
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in user in one office: the reader or the doer of everything inside."""

    user_id: UUID
    session_id: UUID | None
    office_id: UUID
    office_code: str
    office_kind: OfficeKind
    office_name: str
    zone: str
    role: Role
    name: str
    email: str
    language: str
    offices: tuple[Post, ...] = ()
    permissions: frozenset[Permission] = field(default=frozenset())
    barred: bool = False
    """The office asks for a second factor, and there is none yet: everything waits until there is."""
    astray: bool = False
    """The office asks its members to sign in through the provider, and this one has come another way."""
    by_provider: bool = False

    @property
    def initials(self) -> str:
        first = self.name[:1]
        return first if not first.isascii() else "".join(part[0] for part in self.name.split()[:2]).upper()

    @property
    def role_label(self) -> str:
        return str(self.role.label)

    @property
    def today(self) -> date:
        """Where the office is."""
        return now().astimezone(ZoneInfo(self.zone)).date()

    def may(self, permission: Permission | str) -> bool:
        return permission in self.permissions


def cookie_name(request: Request) -> str:
    """A ``__Host-`` cookie cannot be set by a neighbour on a sub-domain; browsers take it over HTTPS only."""
    return "__Host-meguri_session" if settings_of(request).secure else "meguri_session"


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_TODAY: Any = bindparam("today")


def factor_exists(user_id: Any) -> ColumnElement[bool]:
    """Whether the user of this id (a value or a column) has a second factor: an app that is set up, or a passkey."""
    app = exists().where(col(SecondFactor.user_id) == user_id, col(SecondFactor.confirmed_at).is_not(None))
    return or_(app, exists().where(col(Passkey.user_id) == user_id))


_COLUMNS: tuple[Any, ...] = (
    col(UserSession.id).label("session_id"), col(UserSession.membership_id).label("opened"), UserSession.by_provider,
    UserSession.vouched, col(User.id).label("user_id"), col(User.name).label("user_name"), User.email, User.language,
    col(Membership.id).label("membership_id"), Membership.role, col(Office.id).label("office_id"), Office.code,
    Office.kind, Office.name_ja, Office.name_en, Office.zone, Office.factor_required, Office.provider_required,
    factor_exists(col(User.id)).label("has_factor"),
)  # fmt: skip
_POSTS = (
    select(*_COLUMNS)
    .select_from(UserSession)
    .join(User, col(User.id) == col(UserSession.user_id))
    .join(Membership, col(Membership.user_id) == col(User.id))
    .join(Office, col(Office.id) == col(Membership.office_id))
    .where(
        col(UserSession.token_hash) == bindparam("hash"),
        col(UserSession.ended_at).is_(None),
        col(UserSession.expires_at) > bindparam("now"),
        col(User.closed_at).is_(None),
        col(Membership.since) <= _TODAY,
        or_(col(Membership.until).is_(None), col(Membership.until) >= _TODAY),
    )
    .order_by(col(Office.position), col(Office.code))
)
"""The user behind a session cookie, with all current posts."""


def actor_of_token(session: Session, token: str, today: date | None = None) -> Actor | None:
    values = {"hash": token_hash(token), "today": today or now().date(), "now": now()}
    rows = session.execute(_POSTS, values).all()
    own: Any = next((row for row in rows if row.membership_id == row.opened), None)
    return _actor_at(own, rows) if own else None


def _actor_at(own: Any, rows: Sequence[Any]) -> Actor:
    """Columns, not objects: it is asked at every request."""
    return Actor(
        user_id=own.user_id,
        session_id=own.session_id,
        office_id=own.office_id,
        office_code=own.code,
        office_kind=own.kind,
        office_name=office_name(own),
        zone=own.zone,
        role=own.role,
        name=own.user_name,
        email=own.email,
        language=own.language,
        offices=tuple(Post(row.membership_id, office_name(row), row is own) for row in rows),
        permissions=PERMISSIONS[own.role],
        barred=own.factor_required and not own.has_factor and not own.vouched,
        astray=own.provider_required and not own.by_provider,
        by_provider=own.by_provider,
    )


def make_actor(user: User, membership: Membership, office: Office) -> Actor:
    return Actor(
        user_id=user.id,
        session_id=None,
        office_id=office.id,
        office_code=office.code,
        office_kind=office.kind,
        office_name=office.name,
        zone=office.zone,
        role=membership.role,
        name=user.name,
        email=user.email,
        language=user.language,
        permissions=PERMISSIONS[membership.role],
    )


async def find_actor(request: Request, session: Sess) -> Actor | None:
    """The signed-in user, if there is one; also for the page's frame."""
    token = request.cookies.get(cookie_name(request))
    actor = request.state.actor = actor_of_token(session, token) if token else None
    return actor


def check_not_barred(actor: Actor) -> None:
    if actor.astray:
        raise ProviderNeeded()
    if actor.barred:
        raise FactorNeeded()


class Requires:
    """Dependency that lets in who holds the permission. ``None`` asks for a signed-in user only.

    ``barred``: also those who have yet to set up their second factor, or to sign in as their office asks.
    """

    def __init__(self, permission: Permission | None, *, barred: bool = False) -> None:
        self.permission = permission
        self.barred = barred

    async def __call__(self, actor: Annotated[Actor | None, Depends(find_actor)]) -> Actor:
        return self.let_in(actor)

    def let_in(self, actor: Actor | None) -> Actor:
        if actor is None:
            raise SignInNeeded()
        if not self.barred:
            check_not_barred(actor)
        if self.permission and not actor.may(self.permission):
            raise Forbidden()
        return actor


class RequiresApart(Requires):
    """For a route that writes in transactions of its own: it leaves the session of the request untouched.

    Two writers in one thread would wait for each other for ever.
    """

    async def __call__(self, request: Request) -> Actor:  # type: ignore[override]
        with database_of(request).reading() as session:
            return self.let_in(await find_actor(request, session))


def requires(permission: Permission | None) -> Requires:
    return Requires(permission)


async def open_to_all(request: Request) -> str:
    """Marks a public route; its value is the language of the path or the reader."""
    request.state.actor = None
    return current_language()


async def maybe_signed_in(actor: Annotated[Actor | None, Depends(find_actor)]) -> Actor | None:
    if actor:
        check_not_barred(actor)
    return actor


SignedIn = Annotated[Actor, Depends(requires(None))]
Apart = Annotated[Actor, Depends(RequiresApart(None))]
SettingUpApart = Annotated[Actor, Depends(RequiresApart(None, barred=True))]
SettingUp = Annotated[Actor, Depends(Requires(None, barred=True))]
Public = Annotated[str, Depends(open_to_all)]
Visitor = Annotated[Actor | None, Depends(maybe_signed_in)]
AccountManager = Annotated[Actor, Depends(requires(Permission.ACCOUNTS_MANAGE))]
JournalReader = Annotated[Actor, Depends(requires(Permission.JOURNAL_VIEW))]
OrganisationReader = Annotated[Actor, Depends(requires(Permission.ORGANISATIONS_VIEW))]
OrganisationEditor = Annotated[Actor, Depends(requires(Permission.ORGANISATIONS_EDIT))]
PeopleReader = Annotated[Actor, Depends(requires(Permission.PEOPLE_VIEW))]
PeopleEditor = Annotated[Actor, Depends(requires(Permission.PEOPLE_EDIT))]
PeopleProposer = Annotated[Actor, Depends(requires(Permission.PEOPLE_PROPOSE))]
LetterReader = Annotated[Actor, Depends(requires(Permission.LETTERS_VIEW))]
LetterSender = Annotated[Actor, Depends(requires(Permission.LETTERS_SEND))]
ImportReader = Annotated[Actor, Depends(requires(Permission.IMPORTS_VIEW))]
ImportApplier = Annotated[Actor, Depends(requires(Permission.IMPORTS_APPLY))]
ListingReader = Annotated[Actor, Depends(requires(Permission.LISTINGS_VIEW))]
ListingEditor = Annotated[Actor, Depends(requires(Permission.LISTINGS_EDIT))]
ListingProposer = Annotated[Actor, Depends(requires(Permission.LISTINGS_PROPOSE))]
ListingPublisher = Annotated[Actor, Depends(requires(Permission.LISTINGS_PUBLISH))]
TaskEditor = Annotated[Actor, Depends(requires(Permission.TASKS_EDIT))]
InteractionReader = Annotated[Actor, Depends(requires(Permission.INTERACTIONS_VIEW))]
InteractionEditor = Annotated[Actor, Depends(requires(Permission.INTERACTIONS_EDIT))]
PrivacyDesk = Annotated[Actor, Depends(requires(Permission.PRIVACY_DECIDE))]
IntroductionEditor = Annotated[Actor, Depends(requires(Permission.INTRODUCTIONS_EDIT))]
Approver = Annotated[Actor, Depends(requires(Permission.APPROVALS_ANSWER))]
EventReader = Annotated[Actor, Depends(requires(Permission.EVENTS_VIEW))]
EventEditor = Annotated[Actor, Depends(requires(Permission.EVENTS_EDIT))]
EventEditorApart = Annotated[Actor, Depends(RequiresApart(Permission.EVENTS_EDIT))]
EventInviter = Annotated[Actor, Depends(requires(Permission.EVENTS_INVITE))]
FigureReader = Annotated[Actor, Depends(requires(Permission.FIGURES_VIEW))]
