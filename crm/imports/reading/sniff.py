"""What a file is, from its bytes. Its extension is only compared, never trusted."""

import zipfile
from pathlib import Path

from crm.imports.reading.encodings import wide_of
from crm.imports.reading.errors import Unreadable

_PAGE_TAGS = ("!doctype html", "html", "table", "head", "body", "div", "h1", "h2", "ul", "dl", "!--", "meta", "p")
_PAGE = tuple(f"<{tag}".encode() for tag in _PAGE_TAGS)
MOST_BYTES = 40 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_RATIO = 120
_EXTENSIONS = {
    "xlsx": {"xlsx", "xlsm", "xltx"}, "xls": {"xls", "xlt"}, "ods": {"ods", "ots"}, "pdf": {"pdf"},
    "html": {"html", "htm", "xhtml", "mht"},
    "vcard": {"vcf", "vcard"}, "text": {"csv", "tsv", "txt", "tab"},
}  # fmt: skip


def sniff(path: Path) -> str:
    """One of xlsx, xls, ods, pdf, html, vcard, text; raises Unreadable for anything else."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty")
    if size > MOST_BYTES:
        raise Unreadable("too_large", limit=MOST_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _packed(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(
        (
            b"\x1f\x8b",
            b"Rar!",
            b"7z\xbc\xaf",
            b"\x89PNG",
            b"\xff\xd8\xff",
            b"GIF8",
            b"{\\rtf",
            b"II*\x00",
            b"\x7fELF",
            b"MZ",
            b"PK\x05\x06",
        )
    ):
        raise Unreadable("not_a_list")
    return _written(head)


def extension_lies(name: str, kind: str) -> bool:
    extension = name.rpartition(".")[2].casefold() if "." in name else ""
    return bool(extension) and extension not in _EXTENSIONS[kind]


def _packed(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            unpacked = sum(info.file_size for info in infos)
            packed = sum(info.compress_size for info in infos) or 1
            kind = (
                archive.read("mimetype")[:80]
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200
                else b""
            )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as broken:
        raise Unreadable("damaged") from broken
    if len(infos) > 10_000 or unpacked > MOST_UNPACKED or (unpacked > 20_000_000 and unpacked / packed > MOST_RATIO):
        raise Unreadable("zip_bomb")
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable("encrypted")
    if any(name.startswith("xl/workbook") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    raise Unreadable("not_a_list")


def _written(head: bytes) -> str:
    text = head
    if wide := "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else wide_of(head):
        text = head[: len(head) // 2 * 2].decode(wide, "ignore").encode()
    low = text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if low.startswith(b"begin:vcard"):
        return "vcard"
    if low.startswith(_PAGE):
        return "html"
    if low.startswith((b"<?xml", b"<!doctype")) and (b"<html" in low or b"xhtml" in low):
        return "html"
    if low.startswith((b"<?xml", b"<svg", b"{", b"[{")):
        raise Unreadable("not_a_list")
    if any(tag in low for tag in (b"<html", b"<body", b"<table", b"<tr>")):
        return "html"
    printable = sum(byte >= 32 or byte in b"\t\r\n\x1b\x0c" for byte in text)
    if printable < len(text) * 0.97 or not text.strip():
        raise Unreadable("empty" if not text.strip() else "not_a_list")
    return "text"
