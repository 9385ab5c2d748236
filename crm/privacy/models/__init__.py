from crm.privacy.models.consents import Channel, ConsentReceipt, Purpose
from crm.privacy.models.requests import Decision, RequestKind, RightsRequest
from crm.privacy.models.retention import LegalHold, RetentionItem, RetentionProposal, RetentionSetting

__all__ = [
    "Channel",
    "ConsentReceipt",
    "Decision",
    "LegalHold",
    "Purpose",
    "RequestKind",
    "RetentionItem",
    "RetentionProposal",
    "RetentionSetting",
    "RightsRequest",
]
