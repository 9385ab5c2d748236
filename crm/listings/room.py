from datetime import timedelta

from crm.accounts.permissions import Permission
from crm.accounts.reader import seen_by
from crm.core.contributions import JobHandler, MenuEntry, RecordPanel, Room, Schedule, Section, StorySource, Tile
from crm.core.i18n import lazy_gettext as _l
from crm.listings.actions.expiry import expire
from crm.listings.actions.interests import forget_unconfirmed
from crm.listings.actions.merging import settle_before_merge
from crm.listings.actions.moving import settle_before_moving, settle_before_offering
from crm.listings.actions.relay import forget_messages
from crm.listings.actions.withdrawing import end_what_stood_on
from crm.listings.acts import ACTS
from crm.listings.api import router as api
from crm.listings.queries.answers import ANSWERS_COUNT
from crm.listings.queries.figures import public_figures
from crm.listings.queries.lists import WAITING_COUNT, listed
from crm.listings.queries.nominations import STORY_ROWS, own_entries
from crm.listings.queries.own import entries_of
from crm.listings.retention import NOMINATIONS
from crm.listings.routes import asking, door, drafts, inside, interests, nominations, publishing, settings
from crm.listings.routes.public import ROUTERS as PUBLIC
from crm.listings.story import ROWS, load, load_interests

ROOM = Room(
    name="listings",
    transfer_checks=[settle_before_offering],
    transfer_rules=[settle_before_moving],
    acts=ACTS,
    api=[api],
    in_use=[listed],
    doors={"listing": ("listings:detail", "listing_id", Permission.LISTINGS_VIEW)},
    # The fixed paths of the other modules come before /listings/{listing_id}.
    routers=[
        *PUBLIC,
        door.router,
        interests.router,
        nominations.public,
        nominations.router,
        settings.router,
        asking.router,
        drafts.router,
        publishing.router,
        inside.router,
    ],
    menu=[MenuEntry(_l("PI Map entries"), "listings:list", "map-pin", Permission.LISTINGS_VIEW, 40)],
    jobs=[
        JobHandler("listings:expire", expire),
        JobHandler("listings:forget_messages", forget_messages),
        JobHandler("listings:forget_unconfirmed", forget_unconfirmed),
    ],
    schedules=[
        Schedule("listings:expire", timedelta(hours=1)),
        Schedule("listings:forget_messages", timedelta(hours=6)),
        Schedule("listings:forget_unconfirmed", timedelta(hours=6)),
    ],
    panels=[RecordPanel(_l("PI Map"), "listings:panel", Permission.LISTINGS_VIEW, 20)],
    merge_rules=[settle_before_merge],
    withdrawal_rules=[end_what_stood_on],
    retention=[NOMINATIONS],
    my_data=[Section("listings/own", "", 10, entries_of), Section("listings/own_interests", "", 12, own_entries)],
    today=[Section("listings/figures", Permission.FIGURES_VIEW, 90, public_figures)],
    tiles=[
        Tile(_l("Answers of this week"), "listings:answers", Permission.LISTINGS_VIEW, 28, ANSWERS_COUNT),
        Tile(_l("PI Map entries waiting for us"), "listings:worklist", Permission.LISTINGS_VIEW, 30, WAITING_COUNT),
    ],
    story=[
        StorySource("listing", _l("PI Map"), Permission.LISTINGS_VIEW, ROWS, seen_by, load, "listings/timeline/move"),
        StorySource(
            "interest",
            _l("Interest in Japan"),
            Permission.LISTINGS_VIEW,
            STORY_ROWS,
            seen_by,
            load_interests,
            "listings/timeline/interest",
        ),
    ],
)
