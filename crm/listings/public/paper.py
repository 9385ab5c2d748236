"""The printed list of a mission."""

from typing import Any

from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.i18n import current_language, ngettext
from crm.core.i18n import gettext as _
from crm.core.templates import show_date
from crm.listings.public.entries import Entry, shown_address
from crm.listings.public.ordering import groups_of

_TOPICS = 8


def paper_data(office: Office, entries: list[Entry], address: str, order: str) -> dict[str, Any]:
    """``entries`` in that order; ``address``: where the same list stands on the web."""
    language, day = current_language(), show_date(now())
    by_place = order == "institution"
    return {
        "language": language,
        "colon": "：" if language == "ja" else ": ",
        "office": office.name,
        "title": _("Japanese researchers abroad: %(office)s", office=office.name),
        "subtitle": ngettext(
            "%(num)s researcher, as of %(day)s", "%(num)s researchers, as of %(day)s", len(entries), day=day
        ),
        "terms": _(
            "Everybody on this list agreed to be listed. Please write by way of the pages named here, not in bulk. "
            "The list changes: the current one is at %(address)s",
            address=address,
        ),
        "footer": _("%(office)s, %(day)s", office=office.name, day=day),
        "groups": [
            {"name": name, "people": [_person(entry, with_place=not by_place) for entry in people]}
            for name, people in groups_of(entries, order)
        ],
    }


def _person(entry: Entry, with_place: bool) -> dict[str, Any]:
    names, separator = entry.person, "、" if current_language() == "ja" else ", "
    second = [names.get(key) for key in ("kanji", "kana", "latin")]
    position = separator.join(part for part in (entry.title, entry.unit) if part)
    at = separator.join(part for part in (entry.institution, entry.place) if part)
    lines = [
        (_("Institution"), at if with_place else ""),
        (_("Position"), position),
        (_("Research"), separator.join(entry.topics[:_TOPICS])),
        (_("Languages"), separator.join(entry.languages)),
        (_("Open to"), separator.join(entry.open_to)),
    ]
    return {
        "name": entry.name,
        "second": " / ".join(str(name) for name in second if name and name != entry.name),
        "lines": [{"label": label, "text": text} for label, text in lines if text],
        "links": [{"address": address, "shown": shown_address(address)} for address, _label in entry.links],
    }
