"""Files kept with contacts: which kinds, where their bytes are, and how they are given out again.

Bytes lie beside the database under the row's id, never under a name that somebody typed. What is handed out is always a
download. Pages, pictures and programs that can hold scripts are not taken.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import filetype
from starlette.datastructures import UploadFile

from crm.core.errors import WrongField
from crm.core.files import Store
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import Settings
from crm.core.stores import store_of
from crm.interactions.reading.limited import is_what_it_says
from crm.interactions.reading.package import ENDINGS

MOST_MEGABYTES: Final = 20
MOST_FILES: Final = 20
_ZIP, _OLE = "application/zip", "application/x-ole-storage"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_TEXTS: Final = {"txt": "text/plain", "csv": "text/csv", "md": "text/markdown", "ics": "text/calendar",
                 "vcf": "text/vcard", "eml": "message/rfc822"}  # fmt: skip
_KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "pdf": ("application/pdf", ("application/pdf",)),
    "png": ("image/png", ("image/png",)),
    "jpg": ("image/jpeg", ("image/jpeg",)),
    "jpeg": ("image/jpeg", ("image/jpeg",)),
    "gif": ("image/gif", ("image/gif",)),
    "webp": ("image/webp", ("image/webp",)),
    "heic": ("image/heic", ("image/heic", "image/heif")),
    "docx": (f"{_OPEN_XML}.wordprocessingml.document", (f"{_OPEN_XML}.wordprocessingml.document", _ZIP)),
    "xlsx": (f"{_OPEN_XML}.spreadsheetml.sheet", (f"{_OPEN_XML}.spreadsheetml.sheet", _ZIP)),
    "pptx": (f"{_OPEN_XML}.presentationml.presentation", (f"{_OPEN_XML}.presentationml.presentation", _ZIP)),
    "odt": ("application/vnd.oasis.opendocument.text", ("application/vnd.oasis.opendocument.text", _ZIP)),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", ("application/vnd.oasis.opendocument.spreadsheet", _ZIP)),
    "doc": ("application/msword", ("application/msword", _OLE)),
    "xls": ("application/vnd.ms-excel", ("application/vnd.ms-excel", _OLE)),
    "msg": ("application/vnd.ms-outlook", ("application/vnd.ms-outlook", _OLE)),
    "ppt": ("application/vnd.ms-powerpoint", ("application/vnd.ms-powerpoint", _OLE)),
}
"""Ending → the type that it is kept as, and what its first bytes may say."""
ACCEPT: Final = ",".join(f".{ending}" for ending in (*_KINDS, *_TEXTS))


@dataclass(frozen=True)
class Upload:
    """A file that may be kept."""

    name: str
    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def sent_files(uploads: Sequence[UploadFile]) -> list[tuple[str, bytes]]:
    """Names and bytes; what the server has put aside of them is closed, also when one is refused."""
    found = []
    for each in uploads:
        with each.file as sent:
            found.append((each.filename or "", sent.read()))
    return found


def checked(name: str, data: bytes, field: str = "files") -> Upload:
    """Refused with the file's name: too large, empty, of a kind that is not kept, or not what its ending says."""
    if not data:
        raise WrongField(field, _l("%(name)s is empty.", name=name))
    if len(data) > MOST_MEGABYTES * 1024 * 1024:
        raise WrongField(field, _l("%(name)s is larger than %(limit)s MB.", name=name, limit=MOST_MEGABYTES))
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    kind = filetype.guess(data[:8192])
    if ending in _TEXTS:
        if kind is not None or b"\0" in data[:8192]:
            raise WrongField(field, _not_so(name))
        return Upload(name, _TEXTS[ending], data)
    if ending not in _KINDS:
        sentence = _l("%(name)s is not kept: only PDF, pictures (not SVG), office documents and text.", name=name)
        raise WrongField(field, sentence)
    kept_as, begins_as = _KINDS[ending]
    begins_so = (kind.mime if kind else _by_signature(data)) in begins_as
    if not begins_so or (ending in ENDINGS and not is_what_it_says(ending, data)):
        raise WrongField(field, _not_so(name))
    return Upload(name, kept_as, data)


def _not_so(name: str) -> Lazy:
    return _l("%(name)s is not what its ending says. Please save it anew in the program that made it.", name=name)


def _by_signature(data: bytes) -> str:
    """Old office documents by their container, which says no more."""
    return _OLE if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") else ""


def attachments(settings: Settings) -> Store:
    return store_of(settings, "attachments")
