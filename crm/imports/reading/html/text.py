"""Text of an element with its line breaks, and the addresses behind its links."""

import re
from collections.abc import Iterator

from lxml import html

BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "dd",
        "dt",
        "tr",
        "td",
        "th",
        "table",
        "ul",
        "ol",
        "dl",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "address",
        "blockquote",
        "pre",
        "hr",
        "figure",
        "figcaption",
        "main",
        "aside",
    ]
)


def text_of(element: html.HtmlElement) -> tuple[str, list[str]]:
    """(text with line breaks, hrefs in order)."""
    parts: list[str] = []
    hrefs: list[str] = []
    _walk(element, parts, hrefs)
    lines = (re.sub(r"[^\S\n\u3000]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line), list(dict.fromkeys(hrefs))


def _walk(element: html.HtmlElement, parts: list[str], hrefs: list[str]) -> None:
    if not isinstance(element.tag, str):
        return
    if element.tag == "br":
        parts.append("\n")
    block = element.tag in BLOCKS
    if block:
        parts.append("\n")
    if element.tag == "a" and (href := usable(element.get("href", ""))):
        hrefs.append(href)
    parts.append(re.sub(r"[ \t\r\n]+", " ", element.text or ""))
    for child in element:
        _walk(child, parts, hrefs)
        parts.append(re.sub(r"[ \t\r\n]+", " ", child.tail or ""))
    if block:
        parts.append("\n")


def usable(href: str) -> str | None:
    href = href.strip()
    return href if re.match(r"(?:https?://|mailto:|tel:)", href, re.IGNORECASE) else None


def elements(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return (element for element in root.iter() if isinstance(element.tag, str))
