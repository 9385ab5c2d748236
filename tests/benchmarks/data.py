"""The data that is measured: people and organisations by the thousand, kept in ``var/bench``."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, text
from sqlmodel import col, select

from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.db import Database
from crm.interactions.models import Participant
from crm.organisations.models import Organisation
from crm.organisations.queries import name_key
from crm.people.models import Holding, Person
from tests.factories.accounts import a_post, a_session_cookie, an_actor
from tests.factories.interactions import a_contact

ORGANISATIONS = 5_000


def environ_of(people: int, url: str) -> dict[str, str]:
    folder = (Path("var/bench") / str(people)).resolve()
    return {**os.environ, "CRM_DATA_DIR": str(folder), "CRM_DATABASE_URL": url or f"sqlite:///{folder / 'm.sqlite3'}"}


def prepare(people: int, url: str) -> dict[str, str]:
    """The environment of a program on so many people; they are made if they are not there."""
    environ = environ_of(people, url)
    done = Path(environ["CRM_DATA_DIR"]) / "ready"
    crm("migrate", environ=environ)  # also a set that an older commit has kept
    if url or not done.exists():
        add_organisations(Database(environ["CRM_DATABASE_URL"]))
        crm("demo", "--people", str(people), environ=environ)
        with Database(environ["CRM_DATABASE_URL"]).writing() as session:
            session.execute(text("analyze"))  # as a server does by itself after a while
        done.touch()
    return environ


def crm(*command: str, environ: dict[str, str]) -> None:
    Path(environ["CRM_DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "crm", *command], env=environ, check=True)


def add_organisations(database: Database) -> None:
    """Invented ones beside the real ones, in the same cities, until there are ``ORGANISATIONS``."""
    with database.writing() as session:
        real = session.exec(select(Organisation).where(col(Organisation.city).is_not(None))).all()
        for number in range(len(real), ORGANISATIONS):
            beside = real[number % len(real)]
            name = f"Invented Institute {number} of {beside.city}"
            columns = beside.model_dump(exclude={"id", "ror", "created_at", "version", "name", "name_key"})
            session.add(Organisation(**columns, name=name, name_key=name_key(name), created_at=now()))


def somebody_signed_in(url: str) -> tuple[str, list[str]]:
    """The cookies of an attaché in Boston, and the ids of some people whom that office holds."""
    with Database(url).writing() as session:
        cookie = a_session_cookie(session, a_post(session, "attache", "us-bos"))
        office = session.exec(select(Office.id).where(Office.code == "us-bos")).one()
        people = session.exec(select(col(Holding.person_id)).where(Holding.office_id == office).limit(8)).all()
    return f"meguri_session={cookie}; meguri_language=ja", [str(person) for person in people]


def somebody_well_known(url: str, contacts: int = 500) -> str:
    """The id of a person with so long a story; made once."""
    with Database(url).writing() as session:
        actor = an_actor(session, "attache", "us-bos")
        told = select(Participant.person_id).group_by(col(Participant.person_id)).having(func.count() >= contacts)
        if known := session.exec(told).first():
            return str(known)
        held = select(Holding.person_id).where(Holding.office_id == actor.office_id).offset(20).limit(1)
        person = session.get_one(Person, session.exec(held).one())
        for ago in range(contacts):
            a_contact(session, actor, person, ago=ago, text="Invented words about a call")
        return str(person.id)
