"""A contact as plain numbered text, for a report that is written elsewhere."""

from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext
from crm.core.templates import show_date
from crm.interactions.queries import Whole


def plain_text(whole: Whole) -> str:
    line, contact = whole.line, whole.line.interaction
    people = [person.kanji or person.full_name for person in line.people]
    if line.hidden:
        people.append(ngettext("%(num)s other person", "%(num)s other people", line.hidden))
    staff = [name for _id, name in whole.staff] or [line.author]
    facts = [
        (_("Kind"), str(contact.kind.label)),
        (_("Date"), show_date(contact.day)),
        (_("Where"), contact.place or ""),
        (_("With"), _(", ").join(people)),
        (_("For the office"), _("%(names)s (%(office)s)", names=_(", ").join(staff), office=line.office.name)),
    ]
    rows = [_("%(label)s: %(value)s", label=label, value=value) for label, value in facts if value]
    points = [point.strip() for point in contact.text.splitlines() if point.strip()]
    numbered = [f"{number}. {row}" for number, row in enumerate(rows, 1)]
    if points:
        numbered.append(f"{len(rows) + 1}. " + _("What was said"))
        numbered += [f"({number}) {point}" for number, point in enumerate(points, 1)]
    return "\n".join(numbered)
