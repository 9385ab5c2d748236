from crm.accounts.models import Office, User
from crm.core.i18n import gettext as _
from crm.core.i18n import speaking
from crm.core.mail import Letter


def invitation(user: User, office: Office, address: str) -> Letter:
    with speaking(user.language):
        text = _(
            "Dear %(name)s,\n\n"
            "You have been given an account for %(office)s. Please choose a password on this page within two weeks:\n\n"
            "%(address)s\n\n"
            "The link works once. If you did not expect this message, please ignore it.",
            name=user.name,
            office=office.name,
            address=address,
        )
        subject = _("Your account for %(office)s", office=office.name)
    return Letter("invitation", user.email, user.name, subject, text, user.language)


def password_reset(user: User, address: str) -> Letter:
    with speaking(user.language):
        text = _(
            "Dear %(name)s,\n\n"
            "Please choose a new password on this page within one hour:\n\n"
            "%(address)s\n\n"
            "If you did not ask for this, nothing has changed and you need not do anything.",
            name=user.name,
            address=address,
        )
        subject = _("Choose a new password")
    return Letter("password_reset", user.email, user.name, subject, text, user.language)


def factor_removed(user: User) -> Letter:
    with speaking(user.language):
        text = _(
            "Dear %(name)s,\n\n"
            "An administrator has taken away the second factor of your account, so that you can set up a new one. "
            "At your next sign-in the password alone is asked for.\n\n"
            "If you did not ask for this, please tell your administrator at once.",
            name=user.name,
        )
        subject = _("Your second factor has been taken away")
    return Letter("factor_removed", user.email, user.name, subject, text, user.language)


def passkey_added(user: User, name: str) -> Letter:
    with speaking(user.language):
        text = _(
            "Dear %(name)s,\n\n"
            "A passkey has been added to your account: %(passkey)s. From now on it opens your account.\n\n"
            "If this was not you, please remove it under “My account” and tell your administrator at once.",
            name=user.name,
            passkey=name,
        )
        subject = _("A passkey has been added to your account")
    return Letter("passkey_added", user.email, user.name, subject, text, user.language)


def provider_linked(user: User, service: str) -> Letter:
    with speaking(user.language):
        text = _(
            "Dear %(name)s,\n\n"
            "Your account has been linked to an account at %(service)s. From now on that one opens yours.\n\n"
            "If this was not you, please separate it under “My account” and tell your administrator at once.",
            name=user.name,
            service=service,
        )
        subject = _("Your account has been linked to %(service)s", service=service)
    return Letter("provider_linked", user.email, user.name, subject, text, user.language)


def provider_unlinked(user: User, service: str) -> Letter:
    with speaking(user.language):
        text = _(
            "Dear %(name)s,\n\n"
            "Your account has been separated from the one at %(service)s, and other devices have been signed out.\n\n"
            "If this was not you, please change your password and tell your administrator at once.",
            name=user.name,
            service=service,
        )
        subject = _("Your account has been separated from %(service)s", service=service)
    return Letter("provider_unlinked", user.email, user.name, subject, text, user.language)
