"""Mails that users forward or copy to their private addresses: each into its owner's tray, nothing filed."""

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.db import Database
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import Settings
from crm.interactions.addresses import is_filing_address, is_open, owners_of, tokens_in, without_tokens
from crm.interactions.files import Upload, attachments, checked
from crm.interactions.filing import propose_mail
from crm.interactions.mails import Address, Mail, read_mail
from crm.interactions.queries.files import filed_before, waiting_mails

MOST_WAITING = 200


def take_mail(database: Database, settings: Settings, raw: bytes) -> bool:
    """Read outside of any transaction, then laid into all trays or, if one is full, into none."""
    tokens = tokens_in(settings, raw) if is_open(settings) else []
    if not tokens:
        return False
    with database.reading() as session:
        if not owners_of(session, tokens):
            return False
    whole = checked("mail.eml", without_tokens(raw, tokens))
    mail = _without_addresses(settings, read_mail(whole.data, apart=True))
    with database.writing() as session:
        for owner in (owners := owners_of(session, tokens)):
            _propose(session, settings, owner, whole, mail)
    return bool(owners)


def _without_addresses(settings: Settings, mail: Mail) -> Mail:
    """Nobody is proposed to add the mailbox as a person."""

    def theirs(each: Address) -> bool:
        return not is_filing_address(settings, each.email)

    mail.recipients = [each for each in mail.recipients if theirs(each)]
    mail.sender = mail.sender if mail.sender and theirs(mail.sender) else None
    return mail


def _propose(session: Session, settings: Settings, owner: Actor, whole: Upload, mail: Mail) -> None:
    """One that was filed before, perhaps by a colleague, says nothing new."""
    if filed_before(session, owner, mail.message_id):
        return
    if len(waiting_mails(session, owner)) >= MOST_WAITING:
        raise Refused(_l("Too many mails wait to be filed."))
    propose_mail(session, owner, attachments(settings), whole, mail)
