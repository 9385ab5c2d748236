from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, ListingEditor
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of, url_builder
from crm.listings.actions.moves import office_settings
from crm.listings.actions.relay import relayed_this_month
from crm.listings.actions.settings import ORDERS, change_settings
from crm.listings.forms import SettingsForm

router = Router(prefix="/listings")


@router.get("/settings", name="listings:settings")
def settings_page(request: Request, session: Sess, editor: ListingEditor) -> Response:
    stored = office_settings(session, editor.office_id)
    hosts = "\n".join(stored.embed_hosts)
    values = stored.model_dump(include={"confirm_months", "grace_days", "order", "nominations", "interests", "relay"})
    form = Form.of(SettingsForm, **values, embed_hosts=hosts)
    return _page(request, session, editor, form)


def _page(request: Request, session: Session, editor: Actor, form: Form[SettingsForm], status: int = 200) -> Response:
    url, base = url_builder(request), settings_of(request).base_url
    doors = {
        name: [
            (language, base + url(f"listings:{name}", language=language, office=editor.office_code))
            for language in ("ja", "en")
        ]
        for name in ("nominate", "interest")
    }
    relayed = relayed_this_month(session, editor.office_id)
    return page(request, "listings/settings", status=status, form=form, orders=ORDERS, doors=doors, relayed=relayed)


@router.post("/settings", name="listings:change_settings")
def save(
    request: Request, session: Sess, editor: ListingEditor, form: Annotated[Form[SettingsForm], posted(SettingsForm)]
) -> Response:
    form.attempt(session, change_settings, editor)
    if form.errors:
        return _page(request, session, editor, form, 422)
    flash(request, _("The settings have been saved."))
    return go(request, "listings:settings")
