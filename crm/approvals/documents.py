"""決裁書: the printed cover of a paper."""

from typing import Any

from crm.accounts.access import Actor
from crm.approvals.queries import Paper, StepLine
from crm.core.contributions import Reading
from crm.core.i18n import current_language, ngettext
from crm.core.i18n import gettext as _
from crm.core.templates import show_date


def cover(paper: Paper, actor: Actor, act: str, lines: list[Reading]) -> dict[str, Any]:
    """Data of ``templates/approvals/cover.typ``."""
    asked = paper.request
    return {
        "language": current_language(),
        "title": _("Request for approval"),
        "facts": [
            [_("Document number"), asked.reference],
            [_("Subject"), asked.title],
            [_("Act"), act],
            [_("Drafting office"), actor.office_name],
            [_("Drafted by"), paper.drafter],
            [_("Drafted on"), show_date(asked.created_at, "medium", actor.zone)],
            [_("State"), str(asked.state.label)],
        ],
        "reason": [_("What is asked, and why"), asked.reason.splitlines()],
        "steps": [[str(line.step.role.label), line.name, _stand(line, actor.zone)] for line in paper.steps],
        "lines": [ngettext("%(num)s item", "%(num)s items", len(lines)), [line.title for line in lines]],
        "details": [words for line in lines for words in line.details],
        "letters": [_("What would be sent"), [[one.subject, one.text] for line in lines for one in line.letters]],
        "outcome": [_("What has been carried out"), asked.outcome.splitlines()],
    }


def _stand(line: StepLine, zone: str) -> str:
    step = line.step
    if step.verdict is None or step.at is None:
        return ""
    said = {"verdict": step.verdict.label, "day": show_date(step.at, "medium", zone), "name": line.by}
    done = _("%(verdict)s by %(name)s as deputy, %(day)s", **said) if line.by else _("%(verdict)s, %(day)s", **said)
    return f"{done}\n{step.note}" if step.note else done
