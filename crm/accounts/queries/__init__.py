from crm.accounts.queries.posts import (
    colleagues,
    confirmed_factors,
    current_posts,
    in_term,
    linked_users,
    managed_members,
    managed_offices,
    offices_beside,
    open_sessions,
    own_link,
)

__all__ = [
    "colleagues",
    "confirmed_factors",
    "current_posts",
    "in_term",
    "linked_users",
    "managed_members",
    "managed_offices",
    "offices_beside",
    "open_sessions",
    "own_link",
]
