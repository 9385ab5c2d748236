"""Posts as a line of years: where each begins and how long it is, in hundredths of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.people.models import Affiliation


@dataclass(frozen=True)
class Stretch:
    """``start`` and ``length`` from 0 to 100; ``until`` is nothing for a post of today."""

    institution: str
    since: date
    until: date | None
    start: float
    length: float


def career(posts: Sequence[Affiliation], today: date) -> list[Stretch]:
    """From the earliest; nothing where fewer than two posts say when they began: one bar tells nothing."""
    known = sorted((post for post in posts if post.since and post.since <= today), key=lambda post: str(post.since))
    if len(known) < 2:
        return []
    begun = min(post.since for post in known if post.since)
    whole = max((today - begun).days, 1)
    return [_stretch(post, begun, whole, today) for post in known]


def _stretch(post: Affiliation, begun: date, whole: int, today: date) -> Stretch:
    since = post.since or begun
    end = min(post.until or today, today)
    start = 100 * (since - begun).days / whole
    length = max(100 * (end - since).days / whole, 1.0)
    return Stretch(post.institution, since, post.until, round(start, 2), round(min(length, 100 - start), 2) or 1.0)
