import re

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.accounts.permissions import Permission
from crm.core.errors import Forbidden, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.listings.actions.moves import office_settings
from crm.listings.forms import SettingsForm
from crm.listings.models import ListingSettings

ORDERS = [
    ("institution", _l("By institution")),
    ("field", _l("By research field")),
    ("kana", _l("By reading (gojūon)")),
    ("latin", _l("A to Z")),
]
_HOST = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?")


def change_settings(session: Session, actor: Actor, form: SettingsForm) -> ListingSettings:
    if not actor.may(Permission.LISTINGS_EDIT):
        raise Forbidden()
    hosts = [host.rstrip("/") for host in (form.embed_hosts or "").casefold().split()]
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise WrongField("embed_hosts", _l("Please give one address a line, such as https://www.example.org"))
    settings = office_settings(session, actor.office_id)
    session.add(settings)
    changes = change(settings, {**form.model_dump(exclude={"embed_hosts"}), "embed_hosts": hosts})
    session.flush()
    record(session, actor, "changed", settings, changes)
    return settings
