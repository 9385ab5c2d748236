"""A person for search engines (schema.org), only of those who allow it."""

from typing import Any

from crm.listings.public.entries import Entry


def person_data(entry: Entry) -> dict[str, Any]:
    told = entry.person
    names = [told.get(key) for key in ("full_name", "kanji", "kana", "latin")]
    others = [name for name in dict.fromkeys(names) if name and name != entry.name]
    links = [address for address, _label in entry.links]
    orcid = [f"https://orcid.org/{entry.orcid}"] if entry.orcid else []
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": entry.name,
        "alternateName": others,
        "jobTitle": entry.title,
        "affiliation": {"@type": "Organization", "name": entry.institution, "url": entry.website},
        "knowsAbout": entry.topics,
        "knowsLanguage": entry.told.get("languages") or [],
        "sameAs": [*orcid, *links],
    }
    data["affiliation"] = {key: value for key, value in data["affiliation"].items() if value}
    return {key: value for key, value in data.items() if value}
