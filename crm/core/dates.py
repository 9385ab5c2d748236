"""Years as Japanese offices count them, and moments as people write them where something takes place."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.dates import get_timezone_name as zone_name

from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.i18n import locale_of


def fiscal_year(day: date) -> int:
    """年度: from April on."""
    return day.year if day.month >= 4 else day.year - 1


def moment_in(field: str, local: datetime, zone: str) -> datetime:
    """What a clock there shows, as a moment. WrongField in the hour that a clock change leaves out."""
    here = local.replace(tzinfo=ZoneInfo(zone))
    if here.astimezone(UTC).astimezone(here.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise WrongField(field, _l("The clock is put forward then: this time does not exist there."))
    return here.astimezone(UTC)


def day_in(day: date, language: str) -> str:
    """Also in a language that the pages do not speak."""
    return format_date(day, "long", locale=locale_of(language))


def when_in(starts: datetime, ends: datetime, language: str) -> str:
    """Monday, 9 February 2026 18:30–20:30 (…), 2026年2月9日（月） …; both moments carry their zone."""
    locale = locale_of(language)
    form = "y年M月d日（E）" if language == "ja" else "full"
    day = format_date(starts, form, locale=locale)
    first, last = (format_time(each, "short", locale=locale) for each in (starts, ends))
    if starts.date() != ends.date():
        last = f"{format_date(ends, form, locale=locale)} {last}"
    zone = zone_name(starts, locale=locale)
    return f"{day} {first}–{last}（{zone}）" if language == "ja" else f"{day} {first}–{last} ({zone})"
