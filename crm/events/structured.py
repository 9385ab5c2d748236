"""schema.org data of a public event, for search engines and calendars."""

from typing import Any

from crm.events.letters import Occasion
from crm.events.models import Mode

_MODES = {Mode.VENUE: "Offline", Mode.ONLINE: "Online", Mode.HYBRID: "Mixed"}


def event_data(occasion: Occasion, language: str, address: str) -> dict[str, Any]:
    event, said = occasion.event, occasion.values(language)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": said["event"],
        "startDate": event.starts_here.isoformat(),
        "endDate": event.ends_here.isoformat(),
        "eventAttendanceMode": f"https://schema.org/{_MODES[Mode(event.mode)]}EventAttendanceMode",
        "eventStatus": f"https://schema.org/Event{'Cancelled' if event.cancelled_at else 'Scheduled'}",
        "url": address,
        "inLanguage": language,
        "organizer": {"@type": "Organization", "name": said["host"]},
    }
    if event.has_venue:
        data["location"] = {"@type": "Place", "name": said["venue"], "address": said["venue"]}
    else:
        data["location"] = {"@type": "VirtualLocation", "url": address}
    return data
