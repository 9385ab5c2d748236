from datetime import timedelta

from crm.accounts.permissions import Permission
from crm.core.contributions import JobHandler, MailTaker, MenuEntry, Room, Schedule, Section, StorySource, Tile
from crm.core.i18n import lazy_gettext as _l
from crm.interactions.api import router as api
from crm.interactions.collecting import take_mail
from crm.interactions.filing import FORGET_MAILS, SWEEP, forget_mails, forget_mails_of, sweep
from crm.interactions.handing import CONTACTS
from crm.interactions.mailing import router as mailing
from crm.interactions.meeting import note_exchanges
from crm.interactions.moving import open_history
from crm.interactions.queries import interactions_by_id, met_since, quick_form, quiet_people, read_by, story_of_contacts
from crm.interactions.queries.files import WAITING_COUNT
from crm.interactions.queries.listing import said_in_contacts
from crm.interactions.routes import router

ROOM = Room(
    name="interactions",
    transfer_rules=[open_history],
    erasure_rules=[forget_mails_of],
    api=[api],
    handed=[CONTACTS],
    in_use=[met_since],
    met=[note_exchanges],
    # /interactions/mail comes before /interactions/{interaction_id}.
    routers=[mailing, router],
    jobs=[JobHandler(FORGET_MAILS, forget_mails), JobHandler(SWEEP, sweep)],
    schedules=[Schedule(FORGET_MAILS, timedelta(days=1)), Schedule(SWEEP, timedelta(hours=6))],
    doors={"interaction": ("interactions:detail", "interaction_id", Permission.INTERACTIONS_VIEW)},
    menu=[MenuEntry(_l("Contacts"), "interactions:list", "messages-square", Permission.INTERACTIONS_VIEW, 15)],
    mail=[MailTaker(20, take_mail)],
    tiles=[Tile(_l("Mails to be filed"), "interactions:mails", Permission.INTERACTIONS_EDIT, 15, WAITING_COUNT)],
    today=[Section("interactions/quiet", Permission.INTERACTIONS_VIEW, 40, quiet_people)],
    found=[Section("interactions/said", Permission.INTERACTIONS_VIEW, 10, said_in_contacts)],
    record=[Section("interactions/quick", Permission.INTERACTIONS_EDIT, 20, quick_form)],
    story=[
        StorySource(
            "contact", _l("Contacts"), Permission.INTERACTIONS_VIEW, story_of_contacts(), read_by, interactions_by_id,
            "interactions/timeline/contact",
        )
    ],
)  # fmt: skip
