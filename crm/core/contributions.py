"""The shapes that rooms offer each other; ``app.py`` collects them, so that no room imports uphill."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm.core.i18n import Lazy

if TYPE_CHECKING:
    import typer

    from crm.core.db import Database
    from crm.core.mail import Letter
    from crm.core.routing import Router
    from crm.core.settings import Settings
    from crm.core.work import JobRun


@dataclass(frozen=True)
class MenuEntry:
    label: Lazy
    route: str
    icon: str
    permission: str
    order: int
    aside: bool = False
    """In the menu of the account, for what is seldom wanted."""


@dataclass(frozen=True)
class Joined:
    """What two records say of one thing, and what becomes of it when they are merged: told beforehand."""

    what: str
    here: Sequence[str]
    there: Sequence[str]
    then: str


@dataclass(frozen=True)
class JobHandler:
    """``run(database, job)`` does the work of one kind, in transactions of its own; it may run twice after a crash."""

    kind: str
    run: "Callable[[Database, JobRun], None]"


@dataclass(frozen=True)
class Schedule:
    """Enqueue a job of this kind once per period, whatever the number of workers."""

    kind: str
    every: timedelta


@dataclass(frozen=True)
class MailTaker:
    """``take(database, settings, raw)`` keeps a message of the mailbox that is for this room, and says whether it was.

    It commits before it returns, and may be given the same message twice after a crash. Lower ``order`` is asked first.
    """

    order: int
    take: "Callable[[Database, Settings, bytes], bool]"


@dataclass(frozen=True)
class RecordPanel:
    """A part of a person's page that a higher room serves itself; the route takes ``person_id``."""

    label: Lazy
    route: str
    permission: str
    order: int


@dataclass(frozen=True)
class Tile:
    """A number on the first page, with where it leads; ``count`` is a scalar that leaves the reader open."""

    label: Lazy
    route: str
    permission: str
    order: int
    count: Any


@dataclass(frozen=True)
class Section:
    """A part of a page, drawn by a template of its own from what ``ask`` returns as ``part``; nothing, of nothing.

    On the first page ``ask(session, actor)``; on a person's ``ask(session, actor, person_id)``.
    """

    template: str
    permission: str
    order: int
    ask: Callable[..., Any]


@dataclass(frozen=True)
class StorySource:
    """One kind of entry in the story of a person.

    ``rows``: a select of (at, id, kind) for the bind ``person``, filtered for the reader by the values of ``read_by``.
    ``load(session, actor, ids)``: what ``template`` shows of each, by id.
    """

    kind: str
    label: Lazy
    permission: str
    rows: Any
    read_by: Callable[[Any], "dict[str, Any]"]
    load: Callable[..., Any]
    template: str


@dataclass(frozen=True)
class Deadline:
    """Something due on a day, for the calendar; ``since``: when it last changed; ``path`` within this site."""

    id: UUID
    day: date
    title: str
    path: str
    since: datetime


@dataclass(frozen=True)
class CalendarSource:
    """``ask(session, actor)`` returns the deadlines that the reader should keep."""

    permission: str
    ask: Callable[[Any, Any], "Sequence[Deadline]"]


@dataclass(frozen=True)
class Handed:
    """What a successor takes over, or should read: ``ask(session, actor, user_id)`` lists ``Reading`` of a leaver.

    ``move(session, actor, from_id, to_id)`` gives it to the successor and returns how many; None where it is for
    reading alone.
    """

    label: Lazy
    order: int
    ask: Callable[..., "Sequence[Reading]"]
    move: Callable[..., int] | None = None


@dataclass(frozen=True)
class Reading:
    """A line of the reading list; ``path`` within this site."""

    title: str
    path: str
    second: str = ""
    details: Sequence[str] = ()
    """How it will be done, for whoever decides on it."""
    letters: "Sequence[Letter]" = ()
    """What would be sent, one for each text."""


@dataclass(frozen=True)
class Proposed:
    """An outward act as it is asked for: its kind, on what, and how (plain values, as the act's own form says it)."""

    act: str
    ids: Sequence[UUID]
    chosen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OutwardAct:
    """Something that leaves the office and may need approval first; ``permission`` is whose act it is.

    ``lines(session, actor, proposed)`` lists what is acted on as ``Reading``, one for each id;
    ``carry_out(session, actor, base_url, proposed)`` does it as it was chosen and returns what was done, or refuses.
    """

    kind: str
    label: Lazy
    permission: str
    lines: Callable[..., "Sequence[Reading]"]
    carry_out: Callable[..., str]


@dataclass(frozen=True)
class RetentionRule:
    """Data that an office should not keep longer than some months without need; deleted when somebody approves.

    ``due(session, office_id, before)`` returns the ids of subjects that may go, ``names(session, ids)`` what they are
    called, and ``erase(session, actor, id, rules)`` deletes one; ``rules`` as ``privacy.actions.requests.Rules``.
    """

    kind: str
    label: Lazy
    why: Lazy
    months: int
    due: Callable[..., "Sequence[UUID]"]
    names: Callable[..., "dict[UUID, tuple[str, str]]"]
    erase: Callable[..., None]


@dataclass(frozen=True)
class Room:
    """Everything one room brings to the app."""

    name: str
    routers: "Sequence[Router]" = ()
    menu: Sequence[MenuEntry] = ()
    jobs: Sequence[JobHandler] = ()
    schedules: Sequence[Schedule] = ()
    panels: Sequence[RecordPanel] = ()
    tiles: Sequence[Tile] = ()
    today: Sequence[Section] = ()
    record: Sequence[Section] = ()
    found: Sequence[Section] = ()
    """Where a search finds nobody: ``ask(session, actor, words)``."""
    story: Sequence[StorySource] = ()
    calendar: Sequence[CalendarSource] = ()
    merge_rules: Sequence[Callable[..., Any]] = ()
    """``rule(session, kept, lost)`` refuses (``Refused``) what must be settled before two people become one, or
    returns what the stricter word changes, as (row, column, new value)."""
    joined: Sequence[Callable[..., Any]] = ()
    """``ask(session, actor, kept_id, lost_id)`` says before a merge what comes along, as ``Joined``."""
    transfer_checks: Sequence[Callable[..., None]] = ()
    """``rule(session, person_id, from_office_id)`` refuses what must be settled before a record is offered."""
    transfer_rules: Sequence[Callable[..., None]] = ()
    """``rule(session, person_id, from_office_id, to_office_id)`` moves what goes along with a record, or refuses."""
    erasure_rules: Sequence[Callable[..., None]] = ()
    """``rule(session, actor, person_id)`` settles before an office erases a person what the schema does not say."""
    met: Sequence[Callable[..., Any]] = ()
    """``rule(session, actor, met)`` notes for pairs of person and day that cards were exchanged then, once; returns
    by pair the rows that it made, as (table, id)."""
    mail: "Sequence[MailTaker]" = ()
    api: "Sequence[Router]" = ()
    """Routes for programs, below ``core.api.ROOT``."""
    handed: Sequence[Handed] = ()
    many: Sequence[MenuEntry] = ()
    """What may be done with the people of a list: each route takes the list's own question."""
    acts: Sequence[OutwardAct] = ()
    retention: Sequence[RetentionRule] = ()
    in_use: Sequence[Callable[..., Any]] = ()
    """``in_use(office_id, before)`` selects the ids of people with whom the office has had to do since then."""
    withdrawal_rules: Sequence[Callable[..., None]] = ()
    """``rule(session, person_id, office_id, purposes)`` ends what stood on consents that have just been withdrawn."""
    my_data: Sequence[Section] = ()
    """Parts of the page on which people see their own data: ``ask(session, person_id)``; no permission is asked."""
    doors: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Kind of subject in the journal → the route that shows one, the name of its parameter, and who may enter."""
    commands: "Sequence[typer.Typer]" = field(default=())
