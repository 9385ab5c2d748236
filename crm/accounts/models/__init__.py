from crm.accounts.models.factors import RecoveryCode, SecondFactor
from crm.accounts.models.journal import JournalEntry, JournalSeal
from crm.accounts.models.links import LinkPurpose, SignedLink
from crm.accounts.models.offices import Jurisdiction, Office, OfficeKind
from crm.accounts.models.passkeys import Challenge, ChallengeKind, Passkey
from crm.accounts.models.private import PrivateAddress
from crm.accounts.models.provider import ProviderLink
from crm.accounts.models.tokens import AccessToken, ProgramReply, Scope
from crm.accounts.models.users import Membership, Role, User, UserSession

__all__ = [
    "AccessToken",
    "Challenge",
    "ChallengeKind",
    "JournalEntry",
    "JournalSeal",
    "Jurisdiction",
    "LinkPurpose",
    "Membership",
    "Office",
    "OfficeKind",
    "Passkey",
    "PrivateAddress",
    "ProgramReply",
    "ProviderLink",
    "RecoveryCode",
    "Role",
    "Scope",
    "SecondFactor",
    "SignedLink",
    "User",
    "UserSession",
]
