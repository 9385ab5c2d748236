"""How journal lines are worded; a verb without words of its own is shown as it is."""

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l

VERBS: dict[str, Lazy] = {
    "added": _l("added"),
    "answered": _l("answered"),
    "applied": _l("applied"),
    "asked_for_reset": _l("asked for a new password"),
    "changed": _l("changed"),
    "changed_term": _l("changed the term of"),
    "confirmed": _l("confirmed"),
    "decided": _l("decided on rows of"),
    "drafted": _l("drafted"),
    "exported": _l("exported"),
    "hidden": _l("hid"),
    "invited": _l("invited"),
    "merged": _l("merged"),
    "published": _l("published"),
    "recorded_consent": _l("recorded the consent for"),
    "relayed": _l("passed on a message to"),
    "requested": _l("requested the consent for"),
    "reminded": _l("sent a reminder for"),
    "removed": _l("removed"),
    "searched": _l("searched"),
    "set_password": _l("set a password"),
    "share_withdrawn": _l("withdrew a share of"),
    "shared": _l("shared"),
    "signed_in": _l("signed in"),
    "signed_out": _l("signed out"),
    "switched_office": _l("switched the office"),
    "undone": _l("undid"),
    "unmerged": _l("took apart"),
    "uploaded": _l("uploaded"),
    "withdrawn": _l("withdrew"),
}

SUBJECTS: dict[str, Lazy] = {
    "consent_receipt": _l("a consent"),
    "import_file": _l("an import"),
    "interaction": _l("a contact"),
    "interaction_participant": _l("a contact"),
    "listing": _l("a listing"),
    "listing_settings": _l("the settings of the list"),
    "membership": _l("a membership"),
    "nomination": _l("a nomination"),
    "organisation": _l("an organisation"),
    "outbox_letter": _l("a letter"),
    "person": _l("a person"),
    "task": _l("a follow-up"),
    "user_account": _l("an account"),
    "user_session": _l("a session"),
}
