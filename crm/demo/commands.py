"""``crm demo``: load the fictional data set, or a large one for measuring."""

import time
from typing import Annotated

import typer
from rich import print as say
from sqlmodel import Session, col, select

from crm.accounts.access import Actor, make_actor
from crm.accounts.models import Jurisdiction, Membership, Office, OfficeKind, Role, User
from crm.accounts.passwords import DEMO_PASSWORD, hash_password
from crm.core.db import Database
from crm.core.places import find_city
from crm.core.settings import Settings, read_settings
from crm.demo.approvals import circulate_some
from crm.demo.contacts import log_some
from crm.demo.events import host_some
from crm.demo.introductions import introduce_some
from crm.demo.listings import list_some
from crm.demo.people import demo_marker, invented_people
from crm.demo.relations import relate_some
from crm.demo.requests import ask_some
from crm.demo.users import USERS, add_demo_users
from crm.organisations.models import Organisation
from crm.people.actions.batch import add_people
from crm.people.models import Basis

AT_ONCE = 1000
DEFAULT_PEOPLE = 230


def demo(
    people: Annotated[int, typer.Option(help="How many invented people")] = DEFAULT_PEOPLE,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people")] = 7,
) -> None:
    """Load users, invented people and their listings into a database without accounts."""
    settings = read_settings()
    database = Database(settings.database_url)
    if not load_demo(database, settings, people, seed):
        say("[yellow]There are accounts in this database already; nothing was loaded.[/yellow]")


def load_demo(database: Database, settings: Settings, people: int = DEFAULT_PEOPLE, seed: int = 7) -> bool:
    """False when the database is in use already. The people are added in several transactions."""
    with database.reading() as session:
        if session.exec(select(User.id).limit(1)).first():
            return False
    password_hash = hash_password(DEMO_PASSWORD)
    with database.writing() as session:
        users = add_demo_users(session, password_hash)
        actors = _mission_actors(session, users["attache@example.org"])
    started = time.perf_counter()
    for number, (actor, covered) in enumerate(actors):
        share = people // len(actors) + (number < people % len(actors))
        _add_share(database, actor, covered, share, seed * 1000 + number)
    with database.writing() as session:
        list_some(session, [actor for actor, _ in actors], seed)
        boston = next(actor for actor, _ in actors if actor.office_code == "us-bos")
        log_some(session, boston, seed)
        ask_some(session, boston)
        relate_some(session, boston)
        introduce_some(session, boston)
        circulate_some(session, boston)
        host_some(session, boston)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    demo_marker(settings).touch()
    say(f"{people} fictional people in {time.perf_counter() - started:.1f} s")
    return True


def _mission_actors(session: Session, user: User) -> list[tuple[Actor, list[Jurisdiction]]]:
    """For each mission an actor to write as, and what it covers."""
    membership = Membership(user_id=user.id, office_id=user.id, role=Role.ATTACHE, since=user.created_at.date())
    actors = []
    for office in session.exec(select(Office).order_by(col(Office.position))):
        if OfficeKind(office.kind).is_mission:
            covered = session.exec(select(Jurisdiction).where(Jurisdiction.office_id == office.id)).all()
            seat = Jurisdiction(office_id=office.id, country=office.country or "")
            actors.append((make_actor(user, membership, office), list(covered) or [seat]))
    return actors


def _covers(covered: list[Jurisdiction], organisation: Organisation) -> bool:
    """Where a mission names parts of a country (US-MA), only these; otherwise the whole country."""
    parts = {part.subdivision for part in covered if part.country == organisation.country and part.subdivision}
    if not parts:
        return organisation.country in {part.country for part in covered}
    city = find_city(organisation.city or "", organisation.country, organisation.region)
    return city is not None and f"{city.country}-{city.admin1}" in parts


def _add_share(database: Database, actor: Actor, covered: list[Jurisdiction], number: int, seed: int) -> None:
    with database.reading() as session:
        placed = select(Organisation).where(col(Organisation.city).is_not(None)).order_by(Organisation.name)
        places = session.exec(placed).all()
    countries = {part.country for part in covered}
    organisations = [place for place in places if _covers(covered, place)]
    organisations = organisations or [place for place in places if place.country in countries]
    if not organisations:
        say(f"[yellow]{actor.office_code}: no institution in its area is known.[/yellow]")
        return
    entries = list(invented_people(number, organisations, seed))
    for start in range(0, len(entries), AT_ONCE):
        with database.writing() as session:
            add_people(session, actor, entries[start : start + AT_ONCE], Basis.PUBLIC_LIST)


def demo_sign_ins(settings: Settings) -> None:
    if demo_marker(settings).exists():
        say(f"\nFictional demo data. Sign in with the password [bold]{DEMO_PASSWORD}[/bold] as")
        for user in USERS:
            say(f"  {user.email:26} {user.role.label} ({user.office})")
