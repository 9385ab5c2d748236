"""One person as somebody wrote it down: in a form, in a row of a list, in the demo."""

from dataclasses import dataclass

from crm.people.models import BY_HAND, Sector, Source


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Only ``full_name`` is needed. ``country`` is a code or a name; ``open_to`` and ``languages`` are codes."""

    full_name: str
    family: str | None = None
    given: str | None = None
    kanji: str | None = None
    kana: str | None = None
    latin: str | None = None
    former: str | None = None
    title: str | None = None
    institution: str | None = None
    unit: str | None = None
    city: str | None = None
    country: str | None = None
    research_fields: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    links: tuple[str, ...] = ()
    orcid: str | None = None
    erad: str | None = None
    languages: tuple[str, ...] = ()
    preferred_language: str | None = None
    open_to: tuple[str, ...] = ()
    note: str | None = None
    more_phones: tuple[str, ...] = ()
    address: str | None = None
    """Where letters go."""
    sector: Sector = Sector.ACADEMIA
    source: Source = BY_HAND

    @property
    def identifiers(self) -> list[tuple[str, str]]:
        """(scheme, text as written)."""
        return [(scheme, value) for scheme, value in (("orcid", self.orcid), ("erad", self.erad)) if value]


def link_of(line: str) -> tuple[str, str]:
    """A line about a page: its address and, after a space, what it is called."""
    address, *label = line.split(maxsplit=1)
    return address, " ".join(label).strip()


def line_of(address: str, label: str) -> str:
    return f"{address} {label}".rstrip()
