"""Who may do what: one table, read by people and by the program alike."""

from enum import StrEnum

from crm.accounts.models import Role


class Permission(StrEnum):
    ACCOUNTS_MANAGE = "accounts_manage"
    JOURNAL_VIEW = "journal_view"

    ORGANISATIONS_EDIT = "organisations_edit"
    ORGANISATIONS_VIEW = "organisations_view"

    PEOPLE_EDIT = "people_edit"
    PEOPLE_PROPOSE = "people_propose"
    PEOPLE_VIEW = "people_view"

    LETTERS_SEND = "letters_send"
    LETTERS_VIEW = "letters_view"

    IMPORTS_APPLY = "imports_apply"
    IMPORTS_VIEW = "imports_view"

    LISTINGS_EDIT = "listings_edit"
    LISTINGS_PROPOSE = "listings_propose"
    LISTINGS_PUBLISH = "listings_publish"
    LISTINGS_VIEW = "listings_view"

    INTERACTIONS_CAREFUL = "interactions_careful"
    """Also what is marked “handle with care”."""
    INTERACTIONS_EDIT = "interactions_edit"
    INTERACTIONS_VIEW = "interactions_view"

    INTRODUCTIONS_EDIT = "introductions_edit"

    TASKS_EDIT = "tasks_edit"

    PRIVACY_DECIDE = "privacy_decide"
    """Requests for disclosure, correction, suspension of use and erasure."""

    APPROVALS_ANSWER = "approvals_answer"
    """Who is asked is the office's own rule; this opens the room."""

    EVENTS_VIEW = "events_view"
    EVENTS_EDIT = "events_edit"
    """Plan, keep the guest list, receive the guests, report."""
    EVENTS_INVITE = "events_invite"
    """Send what goes to the guests."""

    FIGURES_VIEW = "figures_view"


P = Permission
_READ = {P.PEOPLE_VIEW, P.ORGANISATIONS_VIEW, P.FIGURES_VIEW, P.APPROVALS_ANSWER}
_HOST = {P.EVENTS_VIEW, P.EVENTS_EDIT}
_MEET = {P.INTERACTIONS_VIEW, P.INTERACTIONS_EDIT, P.INTRODUCTIONS_EDIT, P.TASKS_EDIT} | _HOST
_CARE = {P.INTERACTIONS_CAREFUL}
_KEEP = _READ | _MEET | {P.PEOPLE_EDIT, P.ORGANISATIONS_EDIT, P.IMPORTS_VIEW, P.IMPORTS_APPLY, P.LETTERS_VIEW}
_KEEP |= {P.EVENTS_INVITE}
_DESK = {P.PRIVACY_DECIDE}
_LIST = {P.LISTINGS_VIEW, P.LISTINGS_EDIT, P.LISTINGS_PROPOSE, P.LETTERS_SEND}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {P.ACCOUNTS_MANAGE, P.JOURNAL_VIEW, P.LETTERS_VIEW, P.FIGURES_VIEW, P.APPROVALS_ANSWER}
    ),
    Role.ATTACHE: frozenset(_KEEP | _CARE | _DESK | _LIST | {P.LISTINGS_PUBLISH, P.PEOPLE_PROPOSE, P.JOURNAL_VIEW}),
    # Proposes entries; the attaché approves. Never pipelines or visas.
    Role.FELLOW: frozenset(_READ | _MEET | _CARE | {P.PEOPLE_PROPOSE, P.LISTINGS_VIEW, P.LISTINGS_PROPOSE}),
    # Everything of the desk but "handle with care" and the decision to publish.
    Role.LOCAL_STAFF: frozenset(_KEEP | _LIST | {P.PEOPLE_PROPOSE}),
    Role.UNIVERSITY_OFFICER: frozenset(_KEEP | _CARE | _DESK),
    Role.JICA_OFFICER: frozenset(_KEEP | _CARE | _DESK),
    Role.OFFICER: frozenset(_KEEP | _CARE | _DESK),
    Role.HQ_READER: frozenset({P.FIGURES_VIEW, P.ORGANISATIONS_VIEW}),
}


def allows(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]
