from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.columns import personal
from crm.core.db import Row


class ProviderLink(Row, table=True):
    """Who a user is at the provider (OpenID Connect): one subject for one user, from the first sign-in on."""

    __tablename__ = "provider_link"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))
    user_id: UUID = Field(foreign_key="user_account.id")
    issuer: str
    subject: str = Field(sa_column_kwargs=personal("account"))
