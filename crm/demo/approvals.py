"""A paper that waits for the attaché of one mission; the rest of the demo needs nobody's approval."""

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.acting import actor_now
from crm.accounts.models import Membership, Role
from crm.approvals.actions import Means, draft, set_rule
from crm.approvals.forms import DraftForm, RuleForm
from crm.core.settings import read_settings
from crm.listings.actions.requests import CONSENT_LETTERS
from crm.listings.acts import ACTS
from crm.listings.models import Listing, ListingState


def circulate_some(session: Session, attache: Actor) -> None:
    acts = {act.kind: act for act in ACTS}
    rule = RuleForm(act=CONSENT_LETTERS, wanted=True, series="在ボ総", decider=attache.user_id)
    set_rule(session, attache, acts, rule)
    posts = select(Membership.user_id).where(
        Membership.office_id == attache.office_id, Membership.role == Role.LOCAL_STAFF
    )
    staff_id = session.exec(posts).first()
    staff = actor_now(session, attache.office_id, staff_id) if staff_id else None
    drafts = select(Listing.id).where(Listing.office_id == attache.office_id, Listing.state == ListingState.DRAFT)
    ids = list(session.exec(drafts.order_by(col(Listing.id)).limit(4)))
    if staff and ids:
        title, reason = "PIマップ掲載の同意依頼について", "掲載候補の方々に、掲載への同意を依頼したい。"
        draft(
            session,
            staff,
            Means(acts, read_settings().base_url),
            DraftForm(act=CONSENT_LETTERS, ids=ids, title=title, reason=reason),
        )
