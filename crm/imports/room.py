from crm.accounts.permissions import Permission
from crm.core.contributions import JobHandler, MenuEntry, Room, Section
from crm.core.i18n import lazy_gettext as _l
from crm.imports.actions.erasing import FORGET_ORIGINALS, forget_originals, leave_out
from crm.imports.actions.upload import READ
from crm.imports.jobs import run_read
from crm.imports.queries.open_rows import unfinished_imports
from crm.imports.retention import LISTS
from crm.imports.routes import ROUTERS

ROOM = Room(
    name="imports",
    retention=[LISTS],
    routers=ROUTERS,
    doors={"import_file": ("imports:preview", "import_id", Permission.IMPORTS_VIEW)},
    menu=[MenuEntry(_l("Imports"), "imports:list", "upload", Permission.IMPORTS_VIEW, 40)],
    today=[Section("imports/today", Permission.IMPORTS_APPLY, 20, unfinished_imports)],
    # What applies a list needs what the rooms above offer: app.py adds it.
    jobs=[JobHandler(READ, run_read), JobHandler(FORGET_ORIGINALS, forget_originals)],
    erasure_rules=[leave_out],
)
