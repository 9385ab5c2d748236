"""The reader, left open in statements that are made once: an office, a user, and their moment.

``seen_by`` fills them in; a statement takes those of them that it asks for.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Date, Uuid, bindparam

from crm.accounts.access import Actor
from crm.core.columns import UTCDateTime, now

WEEK = timedelta(days=7)

OFFICE = bindparam("office", type_=Uuid())
USER = bindparam("user", type_=Uuid())
TODAY = bindparam("today", type_=Date())
"""In Greenwich, as terms are kept."""
DAY = bindparam("day", type_=Date())
"""Where the office is."""
NOW = bindparam("now", type_=UTCDateTime())
WEEK_AGO = bindparam("week_ago", type_=UTCDateTime())


def seen_by(actor: Actor) -> dict[str, Any]:
    moment = now()
    return {
        "office": actor.office_id,
        "user": actor.user_id,
        "today": moment.date(),
        "day": actor.today,
        "now": moment,
        "week_ago": moment - WEEK,
    }
