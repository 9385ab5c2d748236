"""The frame around every page, and parts of pages asked for alone."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader
from lxml import html
from starlette.requests import Request
from starlette.responses import Response

from crm.core.i18n import LANGUAGES
from crm.core.settings import read_settings
from crm.core.templates import make_environment
from crm.core.web import page

LIST = """
{% extends "base.html" %}
{% from "parts/status.html" import status %}
{% block title %}List{% endblock %}
{% block main %}
<h1>List</h1>
{% block results %}<div id="results">{{ status("ok", "Fine") }}</div>{% endblock %}
{% endblock %}
"""


class House:
    """As much of the application as a page asks for."""

    def __init__(self, folder: Path, **environ: str) -> None:
        templates = {language: make_environment(language) for language in LANGUAGES}
        for environment in templates.values():
            assert environment.loader
            environment.loader = ChoiceLoader([DictLoader({"list.html": LIST}), environment.loader])
        settings = read_settings({"CRM_DATA_DIR": str(folder), **environ})
        self.state = SimpleNamespace(settings=settings, templates=templates, menu=lambda *_: [], addresses={})

    def url_path_for(self, name: str, **params: str) -> str:
        return "/" + "/".join([*name.split(":"), *params.values()])

    def tree(self, template: str, headers: dict[str, str] | None = None, **context: Any) -> Any:
        return html.fromstring(bytes(self.answer(template, headers, **context).body).decode())

    def answer(self, template: str, headers: dict[str, str] | None = None, **context: Any) -> Response:
        lines = [(key.encode(), value.encode()) for key, value in (headers or {}).items()]
        scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"", "headers": lines, "app": self}
        return page(Request(scope), template, **context)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, CRM_SITE_NAME="Meguri Test")


def test_a_part_of_a_page_finds_what_the_page_imports(house: House) -> None:
    part = house.tree("list", {"hx-target": "div#results"})
    assert (part.get("id"), part.text_content().strip()) == ("results", "Fine")


def test_an_unknown_part_gets_the_whole_page(house: House) -> None:
    whole = house.tree("list", {"hx-target": "div#elsewhere"})
    assert whole.xpath("string(//title)") == "List · Meguri Test"
    assert len(whole.xpath("//h1")) == 1


@pytest.mark.parametrize("code", ["403", "404", "409", "410", "422", "429", "500"])
def test_error_pages_say_what_happened_without_anybody_signed_in(house: House, code: str) -> None:
    shown = house.tree(f"errors/{code}", status=int(code), sentence="The <b>reason</b>.")
    assert "The <b>reason</b>." in shown.xpath("string(//main)")
    assert shown.xpath("//main//a/@href")


def test_a_chosen_colour_scheme_is_in_the_page_before_any_script(house: House) -> None:
    dark = house.tree("list", {"cookie": "meguri_theme=dark"})
    assert dark.get("data-theme") == "dark"
    odd = house.tree("list", {"cookie": "meguri_theme=neon"})
    assert odd.get("data-theme") is None


def test_the_page_asks_nothing_of_other_hosts_and_carries_no_inline_code(house: House) -> None:
    shown = house.tree("list")
    addresses = shown.xpath("//link/@href | //script/@src | //img/@src | //use/@href")
    assert addresses and all(address.startswith("/static/") and "v=missing" not in address for address in addresses)
    assert not shown.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]")
