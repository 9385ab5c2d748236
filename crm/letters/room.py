from datetime import timedelta

from crm.accounts.permissions import Permission
from crm.accounts.reader import seen_by
from crm.core.contributions import JobHandler, MailTaker, MenuEntry, Room, Schedule, StorySource
from crm.core.i18n import lazy_gettext as _l
from crm.letters.bounces import take_report
from crm.letters.delivery import send_letters
from crm.letters.mailbox import COLLECT
from crm.letters.routes import router
from crm.letters.story import ROWS, load

ROOM = Room(
    name="letters",
    routers=[router],
    doors={"outbox_letter": ("letters:detail", "letter_id", Permission.LETTERS_VIEW)},
    menu=[MenuEntry(_l("Letters"), "letters:outbox", "mail", Permission.LETTERS_VIEW, 60)],
    jobs=[JobHandler("letters:send", send_letters)],
    schedules=[Schedule("letters:send", timedelta(minutes=1)), Schedule(COLLECT, timedelta(minutes=2))],
    mail=[MailTaker(10, take_report)],
    story=[
        StorySource("letter", _l("Letters"), Permission.LETTERS_VIEW, ROWS, seen_by, load, "letters/timeline/letter")
    ],
)
