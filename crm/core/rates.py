"""Rate limits kept in the database, so that all processes share them; counted in short transactions of their own."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Field, col

from crm.core.columns import now
from crm.core.db import Base, Database
from crm.core.errors import TooMany


class RateCount(Base, table=True):
    __tablename__ = "rate_count"
    key: str = Field(primary_key=True)
    window: int = Field(primary_key=True)
    count: int = 0


def count_against(database: Database, what: str, who: str, *, most: int, per: timedelta) -> None:
    """Count one attempt of ``who`` (kept as a hash) at ``what``; above ``most`` in the window raise ``TooMany``."""
    key = _key(what, who)
    window = int(now().timestamp() // per.total_seconds())
    with database.writing() as session:
        session.execute(delete(RateCount).where(col(RateCount.key) == key, col(RateCount.window) < window))
        row = session.get(RateCount, (key, window), with_for_update=True)
        if row is None:
            row = RateCount(key=key, window=window)
            session.add(row)
        row.count += 1
        over = row.count > most
    if over:
        raise TooMany()


def forget_count(database: Database, what: str, who: str) -> None:
    """After a success: only failures in a row count."""
    with database.writing() as session:
        session.execute(delete(RateCount).where(col(RateCount.key) == _key(what, who)))


def _key(what: str, who: str) -> str:
    return what + ":" + hashlib.sha256(who.casefold().encode()).hexdigest()[:32]
