from dataclasses import dataclass

from crm.organisations.models import OrganisationKind


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """An organisation as a file has it. ``names`` are (language, name), the language empty for acronyms and aliases."""

    name: str
    kind: OrganisationKind = OrganisationKind.OTHER
    ror: str | None = None
    names: tuple[tuple[str, str], ...] = ()
    city: str | None = None
    region: str | None = None
    country: str | None = None
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    website: str | None = None
    source: str | None = None
