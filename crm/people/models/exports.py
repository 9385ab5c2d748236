from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, choice, json_column
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l


class ExportFormat(Choice):
    XLSX = "xlsx", _l("Excel workbook")
    CSV = "csv", _l("CSV (UTF-8)")
    VCARD = "vcf", _l("Contacts (vCard 4)")


class Export(Row, table=True):
    """A list that somebody took out: which question, why, how many. The file itself is kept for a week."""

    __tablename__ = "people_export"
    office_id: UUID = Field(foreign_key="office.id", index=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    format: ExportFormat = Field(sa_type=choice(ExportFormat))
    wanted: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    reason: str = ""
    language: str = "en"
    rows: int | None = None
    ready_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    forgotten_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
