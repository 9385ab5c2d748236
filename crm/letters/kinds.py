"""Why a letter was written, by its ``kind``."""

from crm.core.i18n import lazy_gettext as _l

KINDS = {
    "invitation": _l("Invitation to an account"),
    "factor_removed": _l("Second factor taken away"),
    "passkey_added": _l("Passkey added"),
    "provider_linked": _l("Sign-in service linked"),
    "provider_unlinked": _l("Sign-in service separated"),
    "listing_request": _l("Request for consent"),
    "listing_reminder": _l("Reminder"),
    "listing_confirmation": _l("Yearly confirmation"),
    "listing_thanks": _l("Thanks"),
    "moved": _l("Record handed over"),
    "interest_check": _l("Confirmation of an entry"),
    "relay_message": _l("Message through the relay form"),
    "my_data": _l("Personal link to one's own data"),
    "event_invitation": _l("Invitation to an event"),
    "event_reminder": _l("Reminder of an invitation"),
    "event_correction": _l("Correction"),
    "event_offer": _l("A place has become free"),
    "event_registered": _l("Registration for an event"),
    "event_test": _l("Test of a letter"),
    "event_thanks": _l("Thanks after an event"),
    "event_missed": _l("To those who could not come"),
    "event_cancellation": _l("Notice of cancellation"),
    "rights_received": _l("Request received"),
    "rights_decided": _l("Decision on a request"),
}

UNASKED = ("event_invitation", "event_reminder", "event_thanks", "event_missed")
"""Letters that do not answer anything: they spare whoever asks not to be contacted, to the last moment."""
SPARED = "do_not_use"
"""Stands as the error of a letter that was stopped for that."""
