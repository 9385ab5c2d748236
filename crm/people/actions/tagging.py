"""Tags for one or for many, written down so that they can be taken back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import new_id, now
from crm.core.errors import Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.people.forms import BulkForm
from crm.people.models import BulkChange, PersonTag, Tag, Tagging
from crm.people.queries.known import visible_ids
from crm.people.queries.tags import bearers_of, bulk_change_of, tag_named, tags_of
from crm.people.rows import insert_missing


def tag_people(session: Session, actor: Actor, data: BulkForm) -> BulkChange:
    """Add the tag to these people, or take it away; whom the office does not see (any more) is left out."""
    seen = visible_ids(session, actor, data.ids)
    people = [id for id in dict.fromkeys(data.ids) if id in seen]
    if not people:
        raise WrongField("ids", _l("Please choose at least one person."))
    tag = tag_named(session, actor, data.name)
    if tag is None and data.kind is Tagging.REMOVE:
        raise WrongField("name", _l("Your office has no tag of this name."))
    if tag is None:
        tag = Tag(office_id=actor.office_id, name=data.name)
        session.add(tag)
        session.flush()
    bearers = bearers_of(session, tag, people)
    changed = [id for id in people if (id in bearers) == (data.kind is Tagging.REMOVE)]
    _set(session, tag.id, changed, add=data.kind is Tagging.ADD)
    done = BulkChange(
        office_id=actor.office_id, user_id=actor.user_id, kind=data.kind, tag_id=tag.id, chosen=len(people),
        people=[str(id) for id in changed],
    )  # fmt: skip
    session.add(done)
    session.flush()
    verb = "tagged" if data.kind is Tagging.ADD else "untagged"
    record(session, actor, verb, tag, {"name": tag.name, "people": changed})
    return done


def undo_tagging(session: Session, actor: Actor, change_id: UUID) -> BulkChange:
    """Those whom it has changed are as before, whatever has become of others since."""
    done = bulk_change_of(session, actor, change_id, locked=True)
    if done.undone_at:
        raise Refused(_l("This has been undone already."))
    people = visible_ids(session, actor, [UUID(each) for each in done.people])
    _set(session, done.tag_id, sorted(people), add=done.kind is Tagging.REMOVE)
    done.undone_at = now()
    session.flush()
    record(session, actor, "undone", session.get_one(Tag, done.tag_id), {"people": sorted(people)})
    return done


def tag_listed(
    session: Session, actor: Actor, wanted: Mapping[UUID, Sequence[str]]
) -> tuple[list[UUID], dict[UUID, list[UUID]]]:
    """The tags that a list gives to people, as (tags that are new, rows made by person)."""
    mine = {tag.name: tag.id for tag in tags_of(session, actor)} if any(wanted.values()) else {}
    names = dict.fromkeys(chain(*wanted.values()))
    new = [Tag(office_id=actor.office_id, name=name) for name in names if name not in mine]
    session.add_all(new)
    session.flush()
    mine |= {tag.name: tag.id for tag in new}
    pairs = list(dict.fromkeys((mine[name], person_id) for person_id, names in wanted.items() for name in names))
    borne = _borne(session, {tag_id for tag_id, _ in pairs}, list(wanted))
    rows: dict[UUID, list[UUID]] = defaultdict(list)
    made = []
    for tag_id, person_id in pairs:
        if (tag_id, person_id) not in borne:
            rows[person_id].append(row_id := new_id())
            made.append({"id": row_id, "created_at": now(), "tag_id": tag_id, "person_id": person_id})
    insert_missing(session, PersonTag, made)
    return [tag.id for tag in new], rows


def _borne(session: Session, tags: Collection[UUID], people: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    said = select(col(PersonTag.tag_id), col(PersonTag.person_id)).where(col(PersonTag.tag_id).in_(tags))
    found = session.execute(said.where(col(PersonTag.person_id).in_(people))) if tags else ()
    return {(tag_id, person_id) for tag_id, person_id in found}


def _set(session: Session, tag_id: UUID, people: Sequence[UUID], *, add: bool) -> None:
    if add:
        made = [{"id": new_id(), "created_at": now(), "tag_id": tag_id, "person_id": id} for id in people]
        insert_missing(session, PersonTag, made)
    else:
        gone = (col(PersonTag.tag_id) == tag_id) & col(PersonTag.person_id).in_(people)
        session.execute(delete(PersonTag).where(gone))
