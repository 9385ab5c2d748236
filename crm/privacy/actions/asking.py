"""Somebody gives an address and asks to see their data: the page answers the same, whether it is known or not."""

from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose
from crm.core.db import Database
from crm.core.mail import post
from crm.core.work import Job, JobRun, enqueue
from crm.people.models import ContactKind, ContactPoint, Person
from crm.privacy.letters import personal_link

SEND_LINKS = "privacy:send_links"
DAYS = 1
_MOST = 5
"""Records that one address stands in: a secretary's, say."""


def ask_for_links(session: Session, address: str, email: str, language: str) -> None:
    """The worker looks the address up: how long the answer takes says nothing either. ``address`` begins the link."""
    payload = {"address": address, "email": email, "language": language}
    enqueue(session, SEND_LINKS, payload, key=email)


def send_links(database: Database, job: JobRun) -> None:
    """One letter for each record with this address, to nobody but this address."""
    email, language = job.payload["email"], job.payload["language"]
    with database.writing() as session:
        for person in _bearers(session, email):
            token = issue_link(session, LinkPurpose.MY_DATA, person.id, days=DAYS)
            name = (person.kanji if language == "ja" else person.latin) or person.full_name
            # Without an office: the link is for this person, not for whoever reads an office's letters.
            post(session, personal_link(name, email, language, job.payload["address"] + token), person_id=person.id)
        # Who asked is nobody's business once the letter is written.
        session.execute(update(Job).where(col(Job.id) == job.id).values(payload={}, dedup_key=None))


def _bearers(session: Session, email: str) -> list[Person]:
    of_address = select(col(ContactPoint.person_id)).where(
        col(ContactPoint.kind) == ContactKind.EMAIL, col(ContactPoint.value) == email
    )
    found: dict[UUID, Person] = {}
    people = select(Person).where(col(Person.id).in_(of_address)).order_by(col(Person.id)).limit(_MOST)
    for person in session.execute(people).scalars():
        while person.merged_into:
            person = session.get_one(Person, person.merged_into)
        found[person.id] = person
    return list(found.values())
