from crm.accounts.access import Actor
from crm.approvals.models import ApprovalRequest
from crm.core.i18n import gettext as _
from crm.core.i18n import speaking
from crm.core.mail import Letter


def paper_waits(reader: Actor, paper: ApprovalRequest, drafter: str, base_url: str) -> Letter:
    with speaking(reader.language):
        subject = _("For your approval: %(number)s %(title)s", number=paper.reference, title=paper.title)
        text = _(
            "Dear %(name)s,\n\n"
            "A paper of %(office)s waits for your answer: %(number)s %(title)s, drafted by %(drafter)s.\n\n"
            "%(address)s\n\n"
            "You get one mail for each paper. The page with all papers stops these mails: %(list)s",
            name=reader.name,
            office=reader.office_name,
            number=paper.reference,
            title=paper.title,
            drafter=drafter,
            address=f"{base_url}/approvals/{paper.id}",
            list=f"{base_url}/approvals",
        )
    return Letter("paper_waits", reader.email, reader.name, subject, text, reader.language)
