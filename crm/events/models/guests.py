from datetime import date, datetime
from secrets import choice as pick
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import IMPERSONAL, UTCDateTime, choice, json_column, personal, text_column
from crm.core.db import Row, Versioned
from crm.core.i18n import lazy_gettext as _l

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are taken for each other."""


def new_code() -> str:
    """Of a badge: 31 to the 12th, so that nobody guesses one."""
    return "".join(pick(_SIGNS) for _ in range(12))


class Reserve(Choice):
    """Of the guest list: A is invited first, B stands by (controlled by the office, never told)."""

    A = "a", _l("A")
    B = "b", _l("B (reserve)")


class Reply(Choice):
    VENUE = "in_person", _l("In person")
    ONLINE = "online", _l("Online")
    SUBSTITUTE = "substitute", _l("Somebody else comes")
    NO = "no", _l("Cannot come")

    @property
    def comes(self) -> bool:
        return self is not Reply.NO


class Outcome(Choice):
    """What became of a guest at the event: the next thing to do follows from it."""

    MET = "met", _l("We spoke")
    SEEKS_POST = "seeks_post", _l("Looks for a post")
    OFFERS_PLACE = "offers_place", _l("Offers a place")
    INTRODUCE = "introduce", _l("Wants an introduction")
    FOLLOW_UP = "follow_up", _l("Write to them")


def called(guest: Any) -> str:
    """As the badge says, of a guest or of a row with these columns."""
    name: str = guest.badge.get("name") or guest.substitute or guest.name
    return name


class Guest(Versioned, table=True):
    """Somebody on the guest list: a person of the records, or a name alone. ``name`` is what the badge says.

    ``reply`` is the newest answer; with ``waiting_since`` it is a wish for which there is no place yet, and with
    ``offered_until`` too, a place is kept for it until then.
    """

    __tablename__ = "guest"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_guest_list", "event_id", "sort_key", "id"),
        # Which guests a door has not heard of yet: the id of one that it made itself says when it was typed there.
        Index("ix_guest_new", "event_id", "created_at"),
        # Whatever is counted stands in this index: the rows themselves are not read.
        Index(
            "ix_guest_counted",
            "event_id",
            "reply",
            "waiting_since",
            "offered_until",
            "invited_at",
            "places",
            "joined_at",
        ),
    )
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE")
    office_id: UUID = Field(foreign_key="office.id", index=True)
    """Which of the hosts proposed them."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    name: str = Field(sa_column_kwargs=personal("event", erase="row"))
    kana: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    latin: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    title: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    institution: str = Field(default="", sa_column_kwargs=personal("event"))
    email: str | None = Field(default=None, index=True, sa_column_kwargs=personal("event"))
    """Where the letter goes: the guest's, or that of an assistant who answers for them."""
    assistant: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    partner: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    """Invited with them on one card."""
    salutation: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    """Instead of the one that is made from name and title."""
    language: str = Field(default="en", sa_column_kwargs=personal("event"))
    sort_key: str = Field(default="", sa_column_kwargs=personal("event"))
    words: str = Field(default="", sa_type=text_column(), sa_column_kwargs=personal("event"))
    """Every spelling, folded, for the search at the door."""
    badge: dict[str, str] = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("event"))
    """What the badge says otherwise, as it was corrected: ``name``, ``second``, ``institution``."""
    country: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    """Which they come for: that of their institution, as long as nobody says otherwise. Never their nationality."""
    sector: str = Field(default="", sa_column_kwargs=personal("event"))
    reserve: Reserve = Field(default=Reserve.A, sa_type=choice(Reserve), sa_column_kwargs=personal("event"))
    honoured: bool = False
    """Guest of honour (主賓)."""
    precedence: int | None = Field(default=None, sa_column_kwargs=personal("event"))
    precedence_basis: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    post_since: date | None = Field(default=None, sa_column_kwargs=personal("event"))
    """When they took up the post that their title names: between equals it decides."""
    seat_at: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    """The table, as its card says."""
    escort: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    """Who of the hosts goes to meet a guest of honour."""
    note: str | None = Field(default=None, sa_type=text_column(), sa_column_kwargs=personal("event", restricted=True))
    proposed_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    source: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    """Which link or code brought a registration."""
    code: str = Field(default_factory=new_code, unique=True, sa_column_kwargs=personal("event"))
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the office decided to invite them, where it wants that decided; a new text takes it back."""
    invited_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    printed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When their invitation was last printed."""
    posted_on: date | None = Field(default=None, sa_column_kwargs=personal("event"))
    """When it went by post; ``invited_at`` is this day then."""
    reply: Reply | None = Field(default=None, sa_type=choice(Reply), sa_column_kwargs=personal("event"))
    replied_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    places: int = Field(default=0, sa_column_kwargs=personal("event"))
    """Taken by the guest and whom they bring."""
    waiting_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    offered_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    substitute: str | None = Field(default=None, sa_column_kwargs=personal("event"))
    joined_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When they came into the online room, as its list says, or somebody who saw them."""
    photo: bool | None = None
    """Whether pictures with them may be shown."""
    said: list[str] = Field(default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("event"))
    """Answers to the organiser's questions, in their order."""
    outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome), sa_column_kwargs=personal("event"))

    @property
    def badge_name(self) -> str:
        return called(self)

    @property
    def since_there(self) -> date | None:
        return None if self.substitute else self.post_since

    @property
    def both_names(self) -> list[str]:
        """Of who is on the invitation."""
        return [self.name, self.partner] if self.partner else [self.name]

    @property
    def title_there(self) -> str | None:
        """Whoever comes instead brings neither title nor rank of who was invited."""
        return None if self.substitute else self.title

    @property
    def precedence_there(self) -> int | None:
        return None if self.substitute else self.precedence

    @property
    def on_badge(self) -> dict[str, str]:
        latin = "" if self.substitute or self.latin in (None, self.name) else str(self.latin)
        made = {"name": self.badge_name, "second": latin, "institution": self.institution}
        return {**made, **self.badge}

    @property
    def reading(self) -> str:
        """How the name is read, where it does not say so itself."""
        latin = self.latin if self.latin != self.name else None
        return "" if self.substitute else self.kana or latin or ""

    @property
    def holds_places(self) -> bool:
        """Given, or kept for them by an offer."""
        return self.waiting_since is None or self.offered_until is not None

    @property
    def comes(self) -> bool:
        return self.reply is not None and self.reply.comes and self.waiting_since is None


class Answer(Row, table=True):
    """Each answer that was given, by the guest or for them."""

    __tablename__ = "guest_answer"
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE", index=True)
    reply: Reply = Field(sa_type=choice(Reply))
    places: int
    waits: bool = False
    noted_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    """Of the staff, for an answer by phone or on paper; None for the guest's own."""


class Companion(Row, table=True):
    """Whom a guest brings (お連れ様)."""

    __tablename__ = "guest_companion"
    __table_args__ = (UniqueConstraint("guest_id", "place"),)
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE")
    place: int
    """From 1."""
    invited: bool = False
    """On the same invitation (``Guest.partner``): none of those whom the guest may bring."""
    name: str = Field(default="", sa_column_kwargs=personal("event", erase="row"))


class GuestNeeds(Row, table=True):
    """Diet and access, given with a consent of their own, and gone within 30 days after the event."""

    __tablename__ = "guest_needs"
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE", unique=True)
    words: str = Field(sa_type=text_column(), sa_column_kwargs=personal("needs", erase="row", restricted=True))
    language: str = Field(default="en", sa_column_kwargs=IMPERSONAL)
    """In which they have read what they agreed to."""


class GuestPass(Row, table=True):
    """What the guards of a venue want to know; gone after the event."""

    __tablename__ = "guest_pass"
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE", unique=True)
    legal_name: str = Field(sa_column_kwargs=personal("event", erase="row", restricted=True))
    plate: str = Field(default="", sa_column_kwargs=personal("event", restricted=True))
    """Of the car."""


class GuestLetter(Row, table=True):
    """A letter of the event to one guest; how it fares stands in the outbox."""

    __tablename__ = "guest_letter"
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE", index=True)
    letter_id: UUID = Field(foreign_key="outbox_letter.id", ondelete="CASCADE", index=True)
    kind: str
    digest: str
    """Of the text it was made from, so that those who got the wrong one are found."""


class CheckIn(Row, table=True):
    """Somebody has come in: the guest (0) or one of those with them. Doors that were offline may say it twice."""

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("guest_id", "place"), Index("ix_check_in_event", "event_id", "place"))
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE")
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE")
    place: int
    at: datetime = Field(sa_type=UTCDateTime)
    again_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When another door said it last."""
    door: str = ""
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id")


class CheckInUndone(Row, table=True):
    """Somebody was taken for somebody else. What was said of a guest before this moment counts no more."""

    __tablename__ = "check_in_undone"
    __table_args__ = (UniqueConstraint("guest_id", "place", "at"), Index("ix_check_in_undone_event", "event_id"))
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE")
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE")
    place: int
    at: datetime = Field(sa_type=UTCDateTime)
    door: str = ""
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id")


class Feedback(Row, table=True):
    """How a guest found it, said on their own page after the event."""

    __tablename__ = "guest_feedback"
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE", unique=True)
    rating: int
    """From 1 to 5, the best."""
    words: str = Field(default="", sa_type=text_column(), sa_column_kwargs=personal("event"))


class Objection(Row, table=True):
    """Somebody wants no further invitations of this office: by the link in one, or by another word."""

    __tablename__ = "invitation_objection"
    office_id: UUID = Field(foreign_key="office.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    email: str | None = Field(default=None, index=True, sa_column_kwargs=personal("contact", erase="keep"))
    """As long as somebody does not want to be written to, it must be known where not to write."""
