"""Person names as people write them: parts in, display forms out.

Parts follow the Unicode CLDR person-name fields as far as a list of researchers needs them. Nothing is invented: a name
that does not show its structure keeps `family` and `given` empty.
"""

from crm.core.names.latin import split_latin
from crm.core.names.parse import ParsedName, parse_name
from crm.core.names.scripts import Script, script_of, tidy
from crm.core.names.show import display, family_marked, initials, sorting
from crm.core.names.titles import split_titles

__all__ = [
    "ParsedName",
    "Script",
    "display",
    "family_marked",
    "initials",
    "parse_name",
    "script_of",
    "sorting",
    "split_latin",
    "split_titles",
    "tidy",
]
