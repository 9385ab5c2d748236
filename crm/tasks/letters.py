from collections.abc import Sequence

from crm.accounts.access import Actor
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext, speaking
from crm.core.mail import Letter
from crm.core.templates import show_date
from crm.tasks.queries import Line


def daily_summary(actor: Actor, due: Sequence[Line], later: Sequence[Line], address: str) -> Letter:
    with speaking(actor.language):
        parts = [
            ngettext(
                "%(num)s follow-up is due at %(office)s.", "%(num)s follow-ups are due at %(office)s.", len(due),
                office=actor.office_name,
            ),
            "\n".join(map(_row, due)),
        ]  # fmt: skip
        if later:
            parts += [_("In the coming week:"), "\n".join(map(_row, later))]
        parts += [address, _("You get this because you asked for it; the same page stops it.")]
        subject = _("Today, %(day)s: %(office)s", day=show_date(actor.today), office=actor.office_name)
    return Letter("daily_summary", actor.email, actor.name, subject, "\n\n".join(parts), actor.language)


def _row(line: Line) -> str:
    day = show_date(line.task.due, "medium")
    if line.person is None:
        return _("- %(task)s (by %(day)s)", task=line.task.title, day=day)
    name = line.person.kanji or line.person.full_name
    return _("- %(task)s: %(name)s (by %(day)s)", task=line.task.title, name=name, day=day)
