"""The parts of pages, rendered with the real environment."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html
from pydantic import Field
from starlette.requests import Request

from crm.core.forms import Form, FormModel
from crm.core.paths import TEMPLATES
from crm.core.templates import icon_names, make_environment

ENVIRONMENT = make_environment("en")


class Entry(FormModel):
    full_name: str
    open_to: list[str] = Field(default_factory=list)


def part(source: str, **values: Any) -> Any:
    return html.fragment_fromstring(ENVIRONMENT.from_string(source).render(**values), create_parent="main")


def asked(query: str) -> Request:
    scope = {"type": "http", "method": "GET", "path": "/people", "query_string": query.encode(), "headers": []}
    return Request(scope)


def field(form: Form[Entry], arguments: str) -> Any:
    return part('{% from "parts/forms.html" import field %}{{ field(form, ' + arguments + ") }}", form=form)


def test_a_wrong_field_points_to_its_hint_and_its_problem() -> None:
    drawn = field(Form(Entry).validate(), '"full_name", "Name", hint="As written", required=true, lang="ja"')
    box = drawn.get_element_by_id("f-full_name")
    assert box.get("aria-invalid") == "true"
    assert [drawn.get_element_by_id(name).text_content() for name in box.get("aria-describedby").split()] == [
        "As written",
        "Please fill this in.",
    ]
    assert (box.get("lang"), "required" in box.attrib, box.get("value", "")) == ("ja", True, "")


def test_typed_text_comes_back_escaped() -> None:
    typed = '"><script>1</script>'
    form = Form(Entry, {"full_name": typed})
    assert field(form, '"full_name", "Name"').get_element_by_id("f-full_name").get("value") == typed
    area = field(form, '"full_name", "Name", "textarea"').get_element_by_id("f-full_name")
    assert (area.text.strip(), len(area)) == (typed, 0)


def test_a_password_never_comes_back() -> None:
    drawn = field(Form(Entry, {"full_name": "secret"}), '"full_name", "Password", "password"')
    assert "value" not in drawn.get_element_by_id("f-full_name").attrib


@pytest.mark.parametrize("kind", ["checkboxes", "radio", "select"])
def test_chosen_options_stay_chosen(kind: str) -> None:
    form = Form(Entry, {"open_to": ["talks"]})
    drawn = field(form, f'"open_to", "Open to", "{kind}", choices=[("talks", "Talks"), ("media", "Media")]')
    assert [item.get("value") for item in drawn.xpath("//*[@checked or @selected]")] == ["talks"]


def test_a_checkbox_has_one_value_and_keeps_its_tick() -> None:
    box = field(Form(Entry, {"agree": True}), '"agree", "I agree", "checkbox"').get_element_by_id("f-agree")
    assert (box.get("value"), "checked" in box.attrib) == ("true", True)
    own = field(Form(Entry), '"agree", "I agree", "checkbox", value="yes"').get_element_by_id("f-agree")
    assert (own.get("value"), "checked" in own.attrib) == ("yes", False)


def test_the_summary_leads_to_each_wrong_field() -> None:
    source = '{% from "parts/forms.html" import errors %}{{ errors(form, {"full_name": "Name"}) }}'
    link = part(source, form=Form(Entry).validate()).xpath("//a")[0]
    assert (link.get("href"), link.text) == ("#f-full_name", "Name: Please fill this in.")
    assert not part(source, form=Form(Entry)).xpath("//*")[1:]


def test_sorting_turns_round_and_begins_at_the_first_page() -> None:
    source = """{% from "parts/tables.html" import sort_link, table %}
        {% call table([sort_link("name", "Name", sort, request)]) %}<tr><td></td></tr>{% endcall %}"""
    request = asked("q=a&after=xyz&sort=name")
    head = part(source, request=request, sort="name").xpath("//th")[0]
    assert (head.get("aria-sort"), head.xpath("a/@href")[0]) == ("ascending", "/people?q=a&sort=-name")
    assert part(source, request=request, sort="place").xpath("//th")[0].get("aria-sort") is None


def test_a_chip_takes_away_its_own_value_alone() -> None:
    source = '{% from "parts/filters.html" import chips %}{{ chips(request, chosen) }}'
    chosen = [("country", "DE", "Germany"), ("country", "FR", "France")]
    drawn = part(source, request=asked("q=a&country=DE&country=FR&after=x"), chosen=chosen)
    assert drawn.xpath("//a/@href") == ["/people?q=a&country=FR", "/people?q=a&country=DE", "/people?q=a"]


def test_a_facet_ticks_what_the_address_says() -> None:
    options = [(2025, "2025", 3), (2026, "2026", 0)]
    source = '{% from "parts/filters.html" import facet %}{{ facet("year", "Year", options, ["2026"]) }}'
    assert part(source, options=options).xpath("//input[@checked]/@value") == ["2026"]


def test_the_next_page_keeps_the_filters() -> None:
    source = '{% from "parts/paging.html" import more %}{{ more(next, 10000, true, request) }}'
    drawn = part(source, next="abc", request=asked("country=DE"))
    assert drawn.xpath("//a/@href") == ["/people?country=DE&after=abc"]
    assert "more than 10,000" in drawn.text_content()
    assert not part(source, next=None, request=asked("country=DE")).xpath("//nav")


def test_work_that_ended_is_not_asked_for_again() -> None:
    source = '{% from "parts/progress.html" import progress %}{{ progress(3, 3, running, "/imports/1") }}'
    assert part(source, running=True).xpath("//*[@data-hx-get]/@data-hx-get") == ["/imports/1"]
    assert not part(source, running=False).xpath("//*[@data-hx-get] | //a")


def test_a_name_stands_in_its_own_script_with_reading_and_latin_beside_it() -> None:
    source = '{% from "parts/person.html" import name %}{{ name(person) }}'
    japanese = SimpleNamespace(full_name="TAKASE Mari", kanji="高瀬 真理", kana="タカセ マリ", latin="TAKASE Mari")
    drawn = part(source, person=japanese)
    assert drawn.xpath("//*[@class='name']/text()") == ["高瀬 真理"]
    assert drawn.xpath("//*[@class='name']/@lang") == ["ja"]
    assert drawn.xpath("string(//*[@class='second'])") == "タカセ マリ / TAKASE Mari"
    plain = part(source, person=SimpleNamespace(full_name="Daniel OKAFOR"))
    assert (plain.xpath("//*[@class='name']/text()"), plain.xpath("//*[@class='second']")) == (["Daniel OKAFOR"], [])


def test_an_edit_conflict_shows_both_versions_and_marks_what_differs() -> None:
    source = '{% from "parts/confirm.html" import comparison %}{{ comparison(rows) }}'
    drawn = part(source, rows=[("Name", "Mori", "Mori"), ("Title", "Professor", "<b>Dean</b>")])
    assert [cell.text_content() for cell in drawn.xpath("//td")] == ["Mori", "Mori", "Professor", "<b>Dean</b>"]
    assert drawn.xpath("//ins/text()") == ["<b>Dean</b>"]


def test_a_confirmation_says_what_will_happen_before_its_one_button() -> None:
    source = """{% from "parts/confirm.html" import confirm %}
        {% call confirm("Send", "/back", effects=[("mail", "12 letters")]) %}<input name="kept">{% endcall %}"""
    drawn = part(source)
    assert drawn.xpath("//form/@method | //li/span/text() | //button/text() | //a/@href") == [
        "post",
        "12 letters",
        "Send",
        "/back",
    ]
    assert drawn.xpath("//form//input/@name") == ["kept"]


def test_facts_without_a_value_are_left_out() -> None:
    source = '{% from "parts/facts.html" import facts %}{{ facts([("A", ""), ("B", None), ("C", 0)]) }}'
    assert part(source).xpath("//dt/text()") == ["C"]


def test_a_chart_of_nothing_is_drawn() -> None:
    source = '{% from "parts/charts.html" import bars %}{{ bars(rows) }}'
    assert part(source, rows=[("A", 0)]).xpath("//rect[@class='bar-value']/@width") == ["0"]
    assert not part(source, rows=[]).xpath("//rect")


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    listed = icon_names("icons") | icon_names("icons-inside")
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""\bicon\(\s*"([a-z0-9-]+)\"""", path.read_text("utf-8"))
    }
    assert named - listed == set()
