from crm.privacy.queries.consents import consent_to, may, receipts_of, valid_receipts

__all__ = ["consent_to", "may", "receipts_of", "valid_receipts"]
