from crm.privacy.actions.consents import Consent, give_consent, withdraw_consent

__all__ = ["Consent", "give_consent", "withdraw_consent"]
