"""Proposals and entries that nobody has dealt with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.contributions import RetentionRule
from crm.core.i18n import lazy_gettext as _l
from crm.listings.models import Nomination

_MOST = 500


def left_lying(session: Session, office_id: UUID, before: date, _in_use: Any) -> Sequence[UUID]:
    since = datetime.combine(before, time(), UTC)
    old = select(col(Nomination.id)).where(
        col(Nomination.office_id) == office_id, col(Nomination.state) == "open", col(Nomination.created_at) < since
    )
    return session.execute(old.order_by(col(Nomination.id)).limit(_MOST)).scalars().all()


def names_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    rows = session.execute(select(Nomination).where(col(Nomination.id).in_(ids))).scalars()
    return {one.id: (one.fields.get("full_name", ""), one.fields.get("institution", "")) for one in rows}


def delete_nomination(session: Session, actor: Actor, nomination_id: UUID, _rules: Any) -> None:
    nomination = session.get(Nomination, nomination_id, with_for_update=True)
    if nomination is not None:
        record(session, actor, "erased", nomination)
        session.delete(nomination)
        session.flush()


NOMINATIONS = RetentionRule(
    kind="nomination",
    label=_l("Proposals and entries without a decision"),
    why=_l("Left by a public form or proposed, and nobody has taken them up or put them aside."),
    months=12,
    due=left_lying,
    names=names_of,
    erase=delete_nomination,
)
