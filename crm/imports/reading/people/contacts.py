"""Addresses, links, numbers and identifiers of a person, from whichever cell holds them."""

import re

from crm.core.names.scripts import tidy
from crm.imports.reading.people.cells import Cells, Person
from crm.imports.reading.values import (
    emails,
    erad_valid,
    orcid_valid,
    orcids,
    phones,
    unwrap,
    urls,
)  # fmt: skip


def fill_contacts(person: Person, cells: Cells, hrefs: list[str], wrapped: bool) -> None:
    """Addresses may stand in any contact cell: each kind is taken from all of them."""
    fields = person.fields
    texts = [tidy(text) for name in ("email", "links", "researchmap", "orcid", "phone") for text in cells.get(name, [])]
    texts = [unwrap(text) if wrapped else text for text in texts]
    loose = [
        tidy(text)
        for name in ("full_name", "note", "institution")
        for text in cells.get(name, [])
        if "@" in text or "://" in text or "www." in text
    ]
    mails = [href[7:].partition("?")[0] for href in hrefs if href.lower().startswith("mailto:")]
    pages = [href for href in hrefs if re.match(r"https?://", href, re.IGNORECASE)]
    found = [address for text in [*texts, *loose] for address in emails(text)] + [
        address for text in mails for address in emails(text)
    ]
    fields.email = next(iter(found), None)
    links = [url for text in [*texts, *loose] for url in urls(text)] + pages
    links += [
        f"https://researchmap.jp/{text}"
        for text in cells.get("researchmap", [])
        if re.fullmatch(r"[\w.-]{3,40}", text.strip())
    ]
    numbers = [
        number
        for text in [*cells.get("orcid", []), *(link for link in links if "orcid.org" in link)]
        for number in orcids(tidy(text))
    ]
    numbers += [number for text in texts if "orcid" in text.casefold() for number in orcids(text)]
    fields.orcid = next((number for number in numbers if orcid_valid(number)), None)
    if numbers and not fields.orcid:
        person.doubts.append("orcid_invalid")
    fields.links = _unique([link for link in links if "orcid.org/" not in link])
    _numbers(person, cells)


def _numbers(person: Person, cells: Cells) -> None:
    for text in cells.get("erad", []):
        number = re.sub(r"\D", "", tidy(text))
        number = number.zfill(8) if len(number) == 7 else number  # a sheet drops a leading zero
        if erad_valid(number):
            person.fields.erad = number
        else:
            person.doubts.append("erad_invalid")
    numbers = [
        number
        for name in ("phone", "email", "links")
        for text in cells.get(name, [])
        for number in (phones(tidy(text)) if name != "phone" else [tidy(text).replace("\n", " ")])
    ]
    person.fields.phone = next((number for number in numbers if "@" not in number and "http" not in number), None)


def _unique(links: list[str]) -> list[str]:
    """Each address once, whatever its scheme or last slash."""
    seen: dict[str, str] = {}
    for link in links:
        seen.setdefault(re.sub(r"^https?://(?:www\.)?|/$", "", link, flags=re.IGNORECASE).casefold(), link)
    return list(seen.values())
