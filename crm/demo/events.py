"""Two events of one office: a reception that was, a seminar that comes; with guests in every state. All is invented."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.i18n import GUEST_LANGUAGES, speaking
from crm.events.actions.answering import answer, register
from crm.events.actions.guests import add_guests, add_named_guest
from crm.events.actions.planning import add_event, add_host, add_item
from crm.events.actions.receiving import Arrival, check_in
from crm.events.actions.reporting import write_report
from crm.events.actions.sending import save_texts, write_batch
from crm.events.actions.surveying import add_question, answer_survey
from crm.events.forms import AddForm, EventForm, GuestForm, HostForm, ItemForm, LetterForm, RegisterForm, ReplyForm
from crm.events.models import Admission, Event, Guest, HostRole, LetterKind, Mode, Outcome, Precision, Reply
from crm.events.queries.surveys import questions_of
from crm.events.questionnaire import QuestionForm, form_for, name_of
from crm.events.report_forms import ReportForm
from crm.events.wording import suggested
from crm.listings.actions.interests import InterestDoor, keep_interest
from crm.listings.actions.nominations import approve, turn_down
from crm.listings.forms import AcceptForm, InterestForm
from crm.listings.models import Nomination
from crm.people.models import Holding, Person

_BASE = "https://example.org/en/interest/entry/"

_RECEPTION: dict[str, Any] = {
    "title": {"ja": "日米研究者交流レセプション（架空）", "en": "Reception for Researchers (fictional)"},
    "place": {"ja": "総領事公邸", "en": "Official Residence of the Consul-General"},
    "text": {"ja": "在留研究者と地域の大学、企業の皆様をお招きする架空の催しです。", "en": "An invented evening."},
    "dress": {"ja": "平服", "en": "Business attire"},
    "initiative": "J-RISE", "companions": 1,
}  # fmt: skip
_SEMINAR: dict[str, Any] = {
    "title": {
        "ja": "日本で研究するということ（架空のセミナー）",
        "en": "Doing Research in Japan (a fictional seminar)",
        "de": "Forschen in Japan (ein erfundenes Seminar)",
        "fr": "Faire de la recherche au Japon (séminaire fictif)",
    },
    "place": {
        "ja": "ボストン市内の会場（架空）",
        "en": "A hall in Boston (fictional)",
        "de": "Ein Saal in Boston (erfunden)",
        "fr": "Une salle à Boston (fictive)",
    },
    "text": {
        "ja": "日本の大学で研究室を持った方々のお話を伺います。どなたでも参加いただけます。",
        "en": "People who have run a laboratory in Japan tell how it went. Everybody is welcome.",
        "de": "Wer in Japan ein Labor geleitet hat, erzählt davon. Alle sind willkommen.",
        "fr": "Des personnes qui ont dirigé un laboratoire au Japon racontent. Entrée libre.",
    },
    "access": {
        "ja": "駐車場はありません。",
        "en": "There is no parking.",
        "de": "Es gibt keine Parkplätze.",
        "fr": "Il n’y a pas de parking.",
    },
    "questions": {
        "ja": "何をお聞きになりたいですか",
        "en": "What would you like to hear about?",
        "de": "Worüber möchten Sie etwas hören?",
        "fr": "De quoi aimeriez-vous entendre parler\u202f?",
    },
    "languages": ["ja", "en", "de", "fr"],
}


def host_some(session: Session, actor: Actor) -> None:
    held = select(Person).join(Holding).where(Holding.office_id == actor.office_id).order_by(col(Person.sort_key))
    people = list(session.exec(held.limit(24)))
    if len(people) >= 12:
        _reception(session, actor, people)
        _seminar(session, actor, people)


def _form(said: dict[str, Any], starts: datetime, hours: int, **more: Any) -> EventForm:
    local = starts.replace(tzinfo=None)
    times = {"starts": local, "ends": local + timedelta(hours=hours), "zone": "America/New_York"}
    return EventForm.model_validate(
        {"languages": ["ja", "en"], **said, **times, "asks_needs": True, "asks_photo": True, **more}
    )


def _evening(days: int) -> datetime:
    return (now() + timedelta(days=days)).replace(hour=18, minute=30, second=0, microsecond=0)


def _texts(session: Session, actor: Actor, event: Event) -> None:
    boxes: dict[str, str] = {}
    for code in event.languages:
        if text := suggested(event, LetterKind.INVITE, code):
            boxes |= {f"subject.{code}": text.subject, f"body.{code}": text.body}
    save_texts(session, actor, event, LetterForm.model_validate({"kind": LetterKind.INVITE, **boxes}))


def _invite(session: Session, actor: Actor, event: Event) -> list[Guest]:
    said = {
        "kind": "event_invitation",
        "base_url": "https://example.org",
        "starts": now().isoformat(),
        "per_minute": 600,
    }
    write_batch(session, actor, event, said)
    session.expire_all()
    invited = select(Guest).where(Guest.event_id == event.id, col(Guest.invited_at).is_not(None))
    return list(session.exec(invited.order_by(col(Guest.sort_key))))


def _reception(session: Session, actor: Actor, people: list[Person]) -> None:
    """It was two weeks ago: answers, arrivals, a report."""
    event = add_event(session, actor, _form(_RECEPTION, _evening(3), 2))
    add_host(
        session,
        actor,
        event,
        HostForm(name={"ja": "架空商工会議所", "en": "Invented Chamber"}, role=HostRole.SUPPORTER),
    )
    for starts, ja, en in (
        ("18:30", "開会挨拶", "Welcome"),
        ("18:45", "乾杯", "Toast"),
        ("19:00", "歓談", "Conversation"),
    ):
        add_item(session, actor, event, ItemForm(starts=starts, title={"ja": ja, "en": en}))
    add_guests(session, actor, event, AddForm(ids=[one.id for one in people]))
    ambassador = GuestForm(
        name="Ann Example", title="Ambassador", institution="Embassy of Somewhere", email="protocol@example.org",
        honoured=True, language="en", partner="Bo Example",
    )  # fmt: skip
    add_named_guest(session, actor, event, ambassador)
    _texts(session, actor, event)
    for number, guest in enumerate(_invite(session, actor, event)):
        _reply(session, guest, number)
    event.starts_at, event.ends_at = (moment - timedelta(days=17) for moment in (event.starts_at, event.ends_at))
    session.flush()
    came = [guest for guest in session.exec(select(Guest).where(Guest.event_id == event.id)) if guest.comes]
    check_in(session, actor, event, [Arrival(guest.id, 0, event.starts_at, "A") for guest in came[:-2]])
    for guest, outcome in zip(came, (Outcome.SEEKS_POST, Outcome.INTRODUCE, Outcome.MET), strict=False):
        guest.outcome = outcome
    _survey(session, actor, event, came[:-2])
    report = ReportForm(
        stated=20,
        precision=Precision.ABOUT,
        summary={"ja": "研究者と地域の関係者が交流した（架空）。", "en": "Researchers and their hosts met (invented)."},
    )
    write_report(session, actor, event, report)


def _reply(session: Session, guest: Guest, number: int) -> None:
    """In turn: with somebody, alone, no, a substitute, silence."""
    said = (
        {"reply": Reply.VENUE, "companion": ["Kim Example"], "needs": "ベジタリアン", "needs_agreed": True},
        {"reply": Reply.VENUE, "photo": "no"},
        {"reply": Reply.NO},
        {"reply": Reply.SUBSTITUTE, "substitute": "Lee Example"},
        None,
    )[number % 5]  # fmt: skip
    if said:
        answer(session, guest, ReplyForm.model_validate(said))


_QUESTIONS: list[dict[str, Any]] = [
    {
        "kind": "one_choice", "required": True,
        "text": {"ja": "どなたと最もよくお話しになりましたか", "en": "With whom did you talk most?"},
        "choices": {
            "ja": "日本人研究者\n大学の国際担当者\n企業の方",
            "en": "Japanese researchers\nUniversity offices\nCompanies",
        },
    },
    {"kind": "rating", "text": {"ja": "会場はいかがでしたか", "en": "How was the venue?"}},
    {"kind": "long_text", "text": {"ja": "次回取り上げてほしいテーマ", "en": "What should be the topic next time?"}},
]  # fmt: skip


def _survey(session: Session, actor: Actor, event: Event, guests: list[Guest]) -> None:
    """Most of those who came say something."""
    for each in _QUESTIONS:
        add_question(session, actor, event, QuestionForm.model_validate(each))
    questions = questions_of(session, event)
    wanted = form_for(questions)
    whom, venue, topic = (name_of(one) for one in questions)
    for number, guest in enumerate(guests[:8]):
        said: dict[str, Any] = {"rating": 3 + number % 3, whom: number % 3, venue: 5 - number % 2}
        if number % 4 == 0:
            said |= {"words": "短いスピーチがよかった。（架空）", topic: "帰国後の研究室の立ち上げ（架空）"}
        answer_survey(session, guest, wanted.model_validate(said))


_REGISTERED = {
    "Lena Beispiel": "de", "Max Example": "en", "Jo Example": "en", "Sam Example": "en", "Pat Example": "en",
    "Kit Example": "en", "Luc Exemple": "fr",
}  # fmt: skip


def _seminar(session: Session, actor: Actor, people: list[Person]) -> None:
    """It comes in three weeks, is public, full, and has people waiting, one of them in French."""
    more = {
        "mode": Mode.HYBRID,
        "admission": Admission.REGISTRATION,
        "venue_capacity": 4,
        "is_public": True,
        "takes_interest": True,
    }
    online = {"online_address": "https://meet.example.org/seminar"}
    event = add_event(session, actor, _form(_SEMINAR, _evening(21), 2, **more, **online))
    talk = {
        "ja": "研究室を立ち上げる",
        "en": "Setting up a laboratory",
        "de": "Ein Labor aufbauen",
        "fr": "Monter un laboratoire",
    }
    speaker = {"ja": "架空 太郎", "en": "Taro Invented"}
    add_item(session, actor, event, ItemForm(starts="18:30", title=talk, speaker=speaker))
    add_guests(session, actor, event, AddForm(ids=[one.id for one in people[:6]]))
    _texts(session, actor, event)
    for number, (name, language) in enumerate(_REGISTERED.items()):
        reply = Reply.ONLINE if number == 1 else Reply.VENUE
        form = RegisterForm(name=name, email=f"guest{number}@example.org", reply=reply, source="poster")
        with speaking(language, GUEST_LANGUAGES):
            register(session, event, form)
    _entries(session, actor, event)


_INTERESTED: list[dict[str, Any]] = [
    {"full_name": "Mina Example", "latin": "Mina Example", "title": "Doctoral student", "wishes": ["study", "postdoc"],
     "keywords": "quantum optics", "news": True, "source": "campus poster"},
    {"full_name": "架空 光", "kanji": "架空 光", "kana": "かくう ひかる", "title": "ポスドク", "wishes": ["post"],
     "keywords": "がん免疫", "language": "ja", "passing_on": True, "source": "newsletter"},
    {"full_name": "Otto Example", "title": "Associate Professor", "wishes": ["visit", "joint_research"],
     "words": "I could come from April for six months. (invented)", "source": "campus poster"},
    {"full_name": "Rosa Example", "wishes": ["study"]},
    {"full_name": "Iwan Example", "wishes": ["postdoc"], "source": "campus poster"},
]  # fmt: skip


def _entries(session: Session, actor: Actor, event: Event) -> None:
    """Two wait, one is part of a record, one was put aside, one is not confirmed yet."""
    door = InterestDoor(session.get_one(Office, actor.office_id), "en", True, event.id, event.title)
    for number, said in enumerate(_INTERESTED):
        form = {"language": "en", "country": "US", "city": "Boston", "institution": "Invented College", **said}
        email = f"interested{number}@example.org"
        keep_interest(session, door, _BASE, InterestForm.model_validate({**form, "email": email, "contact": True}))
    waiting = select(Nomination).where(Nomination.event_id == event.id).order_by(col(Nomination.id))
    for number, entry in enumerate(session.exec(waiting).all()[:4]):
        entry.state, entry.confirmed_at = "open", now() - timedelta(hours=number + 2)
        if number == 2:
            approve(session, actor, entry, AcceptForm(tag=entry.likely_tag))
        if number == 3:
            turn_down(session, actor, entry)
