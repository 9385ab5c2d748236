from datetime import timedelta

from crm.accounts.permissions import Permission
from crm.accounts.reader import seen_by
from crm.core.contributions import (
    CalendarSource,
    JobHandler,
    MenuEntry,
    RecordPanel,
    Room,
    Schedule,
    Section,
    StorySource,
    Tile,
)
from crm.core.i18n import lazy_gettext as _l
from crm.events.actions.correcting import run_rewrite
from crm.events.actions.picturing import SWEEP, look_again, sweep_pictures
from crm.events.actions.reporting import FORGET, forget_needs
from crm.events.actions.sending import REWRITE, SEND, run_send, tend_offers
from crm.events.actions.waiting import OFFERS
from crm.events.acts import ACTS
from crm.events.queries.answers import answers_of_week
from crm.events.queries.events import COMING_COUNT
from crm.events.retention import GUESTS, PICTURES
from crm.events.routes import ROUTERS
from crm.events.story import ROWS, dates_of, invitations_of, invited_since, load, settle_before_merge

_VIEW = Permission.EVENTS_VIEW
ROOM = Room(
    name="events",
    acts=ACTS,
    routers=ROUTERS,
    in_use=[invited_since],
    retention=[GUESTS, PICTURES],
    erasure_rules=[look_again],
    my_data=[Section("events/own", "", 20, invitations_of)],
    merge_rules=[settle_before_merge],
    calendar=[CalendarSource(_VIEW, dates_of)],
    doors={"event": ("events:detail", "event_id", _VIEW)},
    menu=[MenuEntry(_l("Events"), "events:list", "calendar-days", _VIEW, 45)],
    jobs=[
        JobHandler(SEND, run_send),
        JobHandler(REWRITE, run_rewrite),
        JobHandler(OFFERS, tend_offers),
        JobHandler(FORGET, forget_needs),
        JobHandler(SWEEP, sweep_pictures),
    ],
    schedules=[
        Schedule(OFFERS, timedelta(minutes=10)),
        Schedule(FORGET, timedelta(hours=12)),
        Schedule(SWEEP, timedelta(hours=6)),
    ],
    panels=[RecordPanel(_l("Events"), "events:panel", _VIEW, 30)],
    today=[Section("events/today", _VIEW, 30, answers_of_week)],
    tiles=[Tile(_l("Coming events"), "events:list", _VIEW, 27, COMING_COUNT)],
    story=[StorySource("event", _l("Events"), _VIEW, ROWS, seen_by, load, "events/timeline/event")],
)
