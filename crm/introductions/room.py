from crm.accounts.permissions import Permission
from crm.accounts.reader import seen_by
from crm.core.contributions import MenuEntry, RecordPanel, Room, StorySource, Tile
from crm.core.i18n import lazy_gettext as _l
from crm.introductions.handing import UNDER_WAY
from crm.introductions.queries import OPEN_COUNT, ROWS, introduced_since, load
from crm.introductions.routes import router

_EDIT = Permission.INTRODUCTIONS_EDIT
ROOM = Room(
    name="introductions",
    handed=[UNDER_WAY],
    in_use=[introduced_since],
    routers=[router],
    doors={"introduction": ("introductions:detail", "introduction_id", Permission.INTRODUCTIONS_EDIT)},
    menu=[MenuEntry(_l("Introductions"), "introductions:list", "handshake", _EDIT, 80, True)],
    panels=[RecordPanel(_l("Introductions"), "introductions:panel", _EDIT, 40)],
    tiles=[Tile(_l("Introductions under way"), "introductions:list", _EDIT, 25, OPEN_COUNT)],
    story=[
        StorySource("introduction", _l("Introductions"), _EDIT, ROWS, seen_by, load, "introductions/timeline/proposal")
    ],
)
