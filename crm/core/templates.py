"""The Jinja environments, one for each language: compiled once, strict about names, escaping everything."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_date, format_datetime, format_time, get_timezone
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from crm.core.compiling import SpokenEnvironment
from crm.core.i18n import current_language, gettext, locale_of, pgettext, plural_form, said_in
from crm.core.paths import STATIC, TEMPLATES
from crm.core.search import around
from crm.core.web import query_url


class Environments(dict[str, Environment]):
    """By language; each is made when its first page is asked for."""

    def __missing__(self, language: str) -> Environment:
        return self.setdefault(language, make_environment(language))


def make_environment(language: str) -> Environment:
    known: dict[str, Callable[..., Any]] = {"_": say, "pgettext": say_of, "static": static_url, "icon": icon}
    environment = SpokenEnvironment(
        language,
        known,
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, plural_form, newstyle=True
    )
    filters: dict[str, Callable[..., Any]] = {"date": show_date, "datetime": show_datetime, "number": show_number}
    filters |= {"moment": show_moment, "said": said_in, "around": around}
    environment.filters.update(filters)
    environment.globals.update(known, query_url=query_url, drawn_once=draw_once())
    return environment


def draw_once() -> Callable[..., Markup]:
    """``drawn_once(menu_bar, menu)``: a macro without arguments, drawn once for all that its text depends on."""

    @lru_cache(maxsize=1024)
    def drawn(macro: _ByName, *_depends_on: Hashable) -> Markup:
        return Markup(macro.draw())  # noqa: S704 (a macro escapes what it shows)

    return lambda macro, *depends_on: drawn(_ByName(macro.name, macro), *depends_on)


@dataclass(frozen=True, slots=True)
class _ByName:
    name: str
    draw: Callable[[], str] = field(compare=False)


def say(message: str, **values: object) -> Markup:
    """Jinja's own ``_``, without the detour over the template's context: a page says a hundred words."""
    text = Markup(gettext(message))  # noqa: S704 (our own catalogue)
    return text % values if values or "%" in text else text


def say_of(context: str, message: str, **values: object) -> Markup:
    """A word that means something else elsewhere."""
    text = Markup(pgettext(context, message))  # noqa: S704 (our own catalogue)
    return text % values if values or "%" in text else text


def show_date(value: date | datetime | None, style: str = "long", zone: str | None = None) -> str:
    """2026年2月9日, 9 February 2026. With ``zone``, the day that a moment fell on there."""
    if value is None:
        return ""
    if zone and isinstance(value, datetime):
        value = value.astimezone(get_timezone(zone))
    return format_date(value, style, locale=locale_of(current_language()))


def show_datetime(value: datetime | None, zone: str = "UTC", style: str = "medium") -> str:
    if value is None:
        return ""
    tz = get_timezone(zone)
    return format_datetime(value, style, tzinfo=tz, locale=locale_of(current_language()))


def show_moment(value: datetime | None, zone: str = "UTC") -> str:
    """9 Feb 2026 18:30: what somebody has to be there for has no seconds."""
    if value is None:
        return ""
    there = value.astimezone(get_timezone(zone))
    locale = locale_of(current_language())
    return f"{format_date(there, 'medium', locale=locale)} {format_time(there, 'short', locale=locale)}"


def show_number(value: float | None) -> str:
    return "" if value is None else _number(value, current_language())


@lru_cache(maxsize=10_000)
def _number(value: float, language: str) -> str:
    return format_decimal(value, locale=locale_of(language))


@lru_cache(maxsize=256)
def static_url(path: str) -> str:
    """``/static/css/app.css?v=…``: the version is the content's, so browsers may keep it for a year."""
    file = STATIC / path
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "missing"
    return f"/static/{path}?v={version}"


def icon(name: str, label: str = "", big: bool = False) -> Markup:
    """A sign of a sprite (``static/icons*.txt``): decoration beside a word, or with a label of its own."""
    return _drawn(name, escape(label), big)


@cache
def icon_names(sprite: str) -> frozenset[str]:
    lines = (STATIC / f"{sprite}.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _sprite(name: str) -> str:
    """A first visit loads the small one alone."""
    return "icons" if name in icon_names("icons") else "icons-inside"


@lru_cache(maxsize=4096)
def _drawn(name: str, label: Markup, big: bool) -> Markup:
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawn = Markup('<svg class="icon{}" {} width="20" height="20"><use href="{}#{}"/></svg>')
    return drawn.format(" big" if big else "", said, static_url(f"vendor/{_sprite(name)}.svg"), name)
