"""Figures of what is public, each with its rule: for who reads figures and has no lists of their own."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, distinct, func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.columns import now
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.listings.models import Snapshot

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Figures:
    """``rows``: (what, number, rule)."""

    rows: list[tuple[Lazy, int, Lazy]]
    day: date


def public_figures(session: Session, actor: Actor) -> Figures | None:
    if actor.may(Permission.LISTINGS_VIEW):
        return None
    lately = case((col(Snapshot.confirmed_at) >= now() - _YEAR, 1))
    counts = select(
        func.count(),
        func.count(lately),
        func.count(distinct(col(Snapshot.country))),
        func.count(distinct(func.nullif(col(Snapshot.institution), ""))),
    ).where(col(Snapshot.public))
    entries, confirmed, countries, institutions = session.execute(counts).one()
    rows = [
        (_l("Researchers"), entries, _l("Entries that are public now, each with the person's consent.")),
        (
            _l("Confirmed lately"),
            confirmed,
            _l("Of these, entries that the person confirmed within the last 365 days."),
        ),
        (_l("Countries and regions"), countries, _l("Different ones in which these entries stand.")),
        (_l("Institutions"), institutions, _l("Different names of institutions in these entries.")),
    ]
    return Figures(rows, actor.today)
