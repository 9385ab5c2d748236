"""The checkers see faults when there are some."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browsing import faults_of_access

pytestmark = pytest.mark.browser
GOOD = '<!DOCTYPE html><html lang="en"><title>A page</title><main><h1>A page</h1></main></html>'


def test_the_html_checker_sees_a_fault(check_html: Callable[[str], None], html_checker: str | None) -> None:
    if html_checker is None:
        pytest.skip("NO JAVA: install default-jre-headless to check the HTML")
    check_html(GOOD)
    with pytest.raises(AssertionError, match="center"):
        check_html(GOOD.replace("h1", "center"))


def test_the_accessibility_checker_sees_a_fault(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(GOOD)
    assert faults_of_access(page) == []
    page.set_content(GOOD.replace("<h1>", '<img src="data:,"><h1>'))
    assert "image-alt" in faults_of_access(page)[0]
    assert faults_of_access(page, colours_alone=True) == []
    page.set_content(GOOD.replace("<h1>", '<h1 style="color: #777; background: #888">'))
    assert "color-contrast" in faults_of_access(page, colours_alone=True)[0]
    page.close()
