from crm.privacy.models.consents import Channel, ConsentReceipt, Purpose
from crm.privacy.models.requests import Decision, RequestKind, RightsRequest

__all__ = ["Channel", "ConsentReceipt", "Decision", "Purpose", "RequestKind", "RightsRequest"]
