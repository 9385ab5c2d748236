"""What the public may see. Every output begins here, so that nothing can be public in one and hidden in another."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, union_all
from sqlmodel import Session, col

from crm.accounts.models import Office
from crm.core.columns import UTCDateTime, days_after
from crm.core.search import queries_for
from crm.core.search.queries import Range
from crm.listings.models import Listing, ListingSettings, PublicVersion, Snapshot, SnapshotKey
from crm.listings.public.index import PublicIndex, PublicRow, index_of
from crm.vocabularies.models import Scheme, Term

_LEAST, _USUAL = timedelta(days=7), 30
"""Days of grace: no mission gives fewer, and one that has chosen nothing gives so many."""
_AT_ONCE = 500


_GRACE = func.coalesce(
    select(col(ListingSettings.grace_days))
    .where(col(ListingSettings.office_id) == col(Listing.office_id))
    .scalar_subquery(),
    _USUAL,
)
_HIDDEN_FROM = days_after(col(Listing.confirm_by), _GRACE)


def is_public(moment: datetime) -> ColumnElement[bool]:
    """Published, and confirmed not longer ago than agreed and its mission's days of grace. Needs ``Listing`` joined."""
    confirmed = or_(col(Listing.confirm_by).is_(None), moment < _HIDDEN_FROM)
    return col(Snapshot.public) & col(Snapshot.withdrawn_at).is_(None) & confirmed


def public(moment: datetime, *columns: Any) -> Select[Any]:
    return (
        select(*(columns or (Snapshot,)))
        .select_from(Snapshot)
        .join(Listing, col(Listing.id) == col(Snapshot.listing_id))
        .where(is_public(moment))
    )


_MOMENT = bindparam("moment", type_=UTCDateTime)
_LAPSED = (
    select(col(Listing.confirm_by))
    .where(col(Listing.confirm_by) <= bindparam("before", type_=UTCDateTime), _HIDDEN_FROM <= _MOMENT)
    .order_by(col(Listing.confirm_by).desc())
    .limit(1)
)
_VERSION = select(select(func.max(PublicVersion.number)).scalar_subquery(), _LAPSED.scalar_subquery())


def data_version(session: Session, moment: datetime) -> str:
    """Changes whenever anything public does, also by time: an unconfirmed entry has had its days of grace, or it is
    another day, which the pages name."""
    number, lapsed = session.execute(_VERSION, {"before": moment - _LEAST, "moment": moment}).one()
    return f"{number}/{lapsed}/{moment:%Y-%m-%d}"


def load_index(session: Session, moment: datetime) -> PublicIndex:
    columns = public(
        moment,
        Snapshot.id,
        Snapshot.sort_key,
        Office.code,
        Snapshot.country,
        Snapshot.city,
        Snapshot.institution,
        Snapshot.latitude,
        Snapshot.longitude,
        Snapshot.tags,
        Snapshot.confirmed_at,
    ).join(Office, col(Office.id) == col(Snapshot.office_id))
    return index_of(PublicRow(*row) for row in session.execute(columns))


def found_by(session: Session, moment: datetime, text: str) -> Sequence[UUID]:
    """Whose keys have every word, in any script and spelling; nobody for a text of which nothing can be looked for."""
    words = queries_for(text)
    if not words:
        return []
    statement = public(moment, Snapshot.id)
    for ranges in words:
        spelled = (select(col(SnapshotKey.snapshot_id)).where(_within(each)) for each in ranges)
        statement = statement.where(col(Snapshot.id).in_(union_all(*spelled)))
    return session.execute(statement).scalars().all()


def _within(each: Range) -> ColumnElement[bool]:
    low, high = each
    return (col(SnapshotKey.key) >= low) & (col(SnapshotKey.key) < high)


def snapshots_of(session: Session, moment: datetime, ids: Iterable[UUID]) -> list[Snapshot]:
    """Those of them that are public, in the order asked for."""
    wanted = list(ids)
    found: dict[UUID, Snapshot] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        found |= {row.id: row for row in session.execute(public(moment).where(col(Snapshot.id).in_(part))).scalars()}
    return [found[id] for id in wanted if id in found]


def was_public(session: Session, slug: str) -> bool:
    """Whether this address ever was an entry: one prepared but never published says nothing of itself."""
    statement = select(col(Snapshot.id)).join(Listing, col(Listing.id) == col(Snapshot.listing_id))
    statement = statement.where(col(Snapshot.slug) == slug, col(Listing.published_at).is_not(None))
    return session.execute(statement).first() is not None


def snapshots_by_slugs(session: Session, moment: datetime, slugs: Sequence[str]) -> list[Snapshot]:
    found = session.execute(public(moment).where(col(Snapshot.slug).in_(slugs))).scalars()
    by_slug = {snapshot.slug: snapshot for snapshot in found}
    return [by_slug[slug] for slug in slugs if slug in by_slug]


def snapshots_of_mission(session: Session, moment: datetime, office: Office) -> list[Snapshot]:
    own = public(moment).where(col(Snapshot.office_id) == office.id)
    return list(session.execute(own.order_by(col(Snapshot.sort_key), col(Snapshot.id))).scalars())


def order_of(session: Session, office: Office) -> str:
    """The order that the mission chose for its list."""
    statement = select(col(ListingSettings.order)).where(col(ListingSettings.office_id) == office.id)
    return session.execute(statement).scalars().first() or "institution"


def reusable(moment: datetime) -> Select[Any]:
    """Whose entry may be taken over in bulk."""
    allowed = public(moment).where(col(Snapshot.bulk_reuse))
    return allowed.order_by(col(Snapshot.sort_key), col(Snapshot.id))


def findable(moment: datetime) -> Select[Any]:
    """Slugs of those who allow search engines."""
    return public(moment, Snapshot.slug).where(col(Snapshot.search_engines)).order_by(col(Snapshot.slug)).limit(20_000)


def changes(moment: datetime, most: int) -> Select[Any]:
    """The latest changes, newest first, each with whether it is public: of what is not, only the id may be told.

    What may be taken over in bulk when published; and all that was public once and is not any more.
    """
    shown = is_public(moment)
    gone = ~shown & col(Listing.published_at).is_not(None)
    columns: tuple[Any, ...] = (Snapshot, shown)
    statement = select(*columns).join(Listing, col(Listing.id) == col(Snapshot.listing_id))
    wanted = statement.where(or_(shown & col(Snapshot.bulk_reuse), gone))
    return wanted.order_by(col(Snapshot.changed_at).desc()).limit(most)


def offices(session: Session) -> dict[str, Office]:
    ordered = select(Office).order_by(col(Office.position), col(Office.code))
    return {office.code: office for office in session.execute(ordered).scalars()}


def mission(session: Session, code: str) -> Office | None:
    found = session.execute(select(Office).where(col(Office.code) == code)).scalars().first()
    return found if found and found.kind.is_mission else None


def public_terms(session: Session) -> dict[tuple[str, str], Term]:
    shown = (Scheme.KAKENHI, Scheme.FORD, Scheme.OPEN_TO)
    found = session.execute(select(Term).where(col(Term.scheme).in_(shown)).order_by(col(Term.position)))
    return {(term.scheme.value, term.code): term for term in found.scalars()}


def embed_hosts(session: Session, office: Office) -> list[str]:
    statement = select(col(ListingSettings.embed_hosts)).where(col(ListingSettings.office_id) == office.id)
    return session.execute(statement).scalars().first() or []
