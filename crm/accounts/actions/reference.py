"""Offices and what missions cover, loaded from ``reference/*.csv``; loading again changes only what differs."""

import csv
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from crm.accounts.journal import change
from crm.accounts.models import Jurisdiction, Office, OfficeKind

REFERENCE = Path(__file__).resolve().parent.parent / "reference"


def load_reference(session: Session) -> int:
    """Returns the number of offices known afterwards."""
    offices = {office.code: office for office in session.exec(select(Office))}
    for row in _rows("offices.csv"):
        values: dict[str, Any] = {
            "kind": OfficeKind(row["kind"]),
            "name_ja": row["name_ja"],
            "name_en": row["name_en"],
            "country": row["country"] or None,
            "city": row["city"] or None,
            "zone": row["zone"] or "Asia/Tokyo",
            "languages": row["languages"].split(),
            "position": int(row["position"] or 0),
        }
        if row["code"] in offices:
            change(offices[row["code"]], values)
        else:
            offices[row["code"]] = Office(code=row["code"], **values)
            session.add(offices[row["code"]])
    session.flush()
    known = {(j.office_id, j.country, j.subdivision) for j in session.exec(select(Jurisdiction))}
    for row in _rows("jurisdictions.csv"):
        office = offices.get(row["office"])
        key = (office.id, row["country"], row["subdivision"] or None) if office else None
        if office and key not in known and row["country"]:
            session.add(
                Jurisdiction(office_id=office.id, country=row["country"], subdivision=row["subdivision"] or None)
            )
    session.flush()
    return len(offices)


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
