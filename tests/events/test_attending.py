"""Who was in the online room: lists as the services give them, read, shown and noted; until then nobody was absent."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from crm.core.columns import now
from crm.core.db import Database
from crm.events.models import Event, Guest, LetterKind, Reply
from crm.events.queries.attending import joined_in
from crm.events.queries.figures import figures_of
from crm.events.queries.guests import counts_of
from crm.events.queries.sending import Mailing, addressees
from crm.events.reports import counted
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event

pytestmark = pytest.mark.both
ZOOM = (
    "Topic,ID\nEvening,123 456\n\nName (Original Name),User Email,Join Time,Duration (Minutes),Guest\n"
    "Luc Example,luc@example.org,11/27/2026 06:31:00 PM,50,Yes\nMÜLLER Jo,,11/27/2026 06:40:00 PM,20,Yes\n"
    "Luc Example,luc@example.org,11/27/2026 07:00:00 PM,20,Yes\n"
)
TEAMS = (
    "1. Summary\nMeeting title\tEvening\n\n2. Participants\nName\tFirst Join\tLast Leave\tEmail\n"
    "Luc Example\t11/27/26, 6:31:00 PM\t11/27/26, 8:00:00 PM\tluc@example.org\n"
    "Jo Müller (Lab)\t11/27/26, 6:40:00 PM\t11/27/26, 8:00:00 PM\t\n"
)
JAPANESE = (
    "名前,メールアドレス,参加時刻\nLuc Example,luc@example.org,2026/11/27 18:31\nJo Müller,,2026/11/27 午後6:40\n"
)
BARE = "luc@example.org\nJo Müller\n"


def last_night(session: Session) -> Event:
    actor = an_actor(session)
    event = an_event(session, actor, mode="hybrid")
    event.starts_at = (now() - timedelta(days=1)).replace(hour=23, minute=30, second=0, microsecond=0)
    event.ends_at = event.starts_at + timedelta(hours=2)
    for name in ("Luc Example", "Jo Müller", "Nia Absent"):
        guest = a_guest(session, actor, event, name, email=f"{name[:3].strip().lower()}@example.org")
        guest.reply, guest.places, guest.invited_at = Reply.ONLINE, 1, now()
    session.flush()
    return event


@pytest.mark.parametrize("text", [ZOOM, TEAMS, JAPANESE, BARE], ids=["zoom", "teams", "japanese", "bare"])
def test_a_list_of_the_room_is_read_shown_and_noted(sign_in: SignIn, database: Database, text: str) -> None:
    with database.writing() as session:
        event = last_night(session)
        assert len(joined_in(text, event)) == 2
    desk, address = sign_in(), f"/events/{event.id}/online"
    page = desk.post(address, data={"text": text}).text
    assert "by the address" in page and "by the name" in page and "Jo Müller" in page and "Nia Absent" not in page
    came = [part.split('"')[0] for part in page.split('name="came" value="')[1:]]
    with database.reading() as session:
        assert session.exec(select(Guest).where(col(Guest.joined_at).is_not(None))).all() == []
    assert desk.post(f"{address}/note", data={"came": came}).status_code == 303
    with database.reading() as session:
        event = session.get_one(Event, event.id)
        joined = {one.name: one.joined_at for one in session.exec(select(Guest)) if one.joined_at}
        assert set(joined) == {"Luc Example", "Jo Müller"} and event.online_noted_at
    assert joined["Luc Example"] - event.starts_at == timedelta(minutes=0 if text == BARE else 1)


def test_nobody_online_was_absent_before_it_is_noted(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event = last_night(session)
        luc = session.exec(select(Guest).where(Guest.name == "Luc Example")).one()
    desk, address = sign_in(), f"/events/{event.id}"

    def missed() -> set[str]:
        with database.reading() as session:
            there = session.get_one(Event, event.id)
            mine = [one.name for one in session.execute(addressees(there, Mailing(LetterKind.MISSED, {}))).scalars()]
            assert counts_of(session, there).states["missed"] == len(mine)
        return set(mine)

    assert missed() == set() and "Nia Absent" not in desk.get(f"{address}/guests?state=missed").text
    assert "Who was online has not been noted yet" in desk.get(f"{address}/report").text
    desk.post(f"{address}/guests/{luc.id}/online/true")
    assert missed() == set() and "Was online at" in desk.get(f"{address}/guests/{luc.id}").text
    desk.post(f"{address}/online/note")
    assert missed() == {"Jo Müller", "Nia Absent"}
    assert "Nia Absent" in desk.get(f"{address}/guests?state=missed").text
    with database.reading() as session:
        figures = figures_of(session, session.get_one(Event, event.id))
    assert "1 guest was online" in counted(figures)
    assert desk.post(f"{address}/online/note", data={"came": "nonsense"}).status_code == 422
    assert desk.post(f"{address}/online", data={"text": "  "}).status_code == 422
