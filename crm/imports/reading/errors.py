"""Why a file, or a row of it, could not be read: a code, and a sentence for the person who has to act on it."""

from crm.core.errors import Problem
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l

SENTENCES: dict[str, Lazy] = {
    "crashed": _l("This file could not be read. It may be damaged; please save it again and retry."),
    "damaged": _l("This file is damaged or not complete. Please save it again and retry."),
    "empty": _l("This file is empty."),
    "encrypted": _l("This file is protected by a password. Please save it without a password."),
    "no_rows": _l("No list of people was found in this file."),
    "no_name_column": _l("No column with names was found. Please choose the column that holds the names."),
    "not_a_list": _l("This kind of file cannot be read. Please use a spreadsheet, CSV, PDF, HTML or vCard file."),
    "scanned": _l("This PDF holds only pictures of pages. Please use a PDF with text, or the original document."),
    "sheet_missing": _l("This sheet or table is not in the file."),
    "too_large": _l("This file is larger than %(limit)s MB."),
    "too_long": _l("Reading this file took longer than %(limit)s seconds and was stopped."),
    "too_many_columns": _l("This table has %(count)s columns; at most %(limit)s can be read."),
    "too_many_pages": _l("This PDF has %(count)s pages; at most %(limit)s can be read."),
    "too_many_rows": _l("This file has more than %(limit)s rows."),
    "unknown_encoding": _l("The character encoding of this file could not be found. Please choose it."),
    "wrong_encoding": _l("This file is not in the character encoding %(encoding)s."),
    "zip_bomb": _l("This file grows far too large when it is opened and was refused."),
    # rows
    "no_name": _l("This row has no name."),
    "placeholder_name": _l("This row has a placeholder in place of a name."),
    "not_a_name": _l("The name of this row could not be understood."),
    # doubts about one value of a row that is otherwise fine
    "orcid_invalid": _l("The ORCID iD in this row has a wrong check digit and was left out."),
    "erad_invalid": _l("The e-Rad number in this row does not have eight digits and was left out."),
    "country_unknown": _l("The country in this row is not known and was left out."),
    "country_guessed": _l("The country was guessed from the city."),
    "day_unclear": _l("The day on which the card was exchanged could not be understood and was left out."),
    "name_shortened": _l("The name in this row is longer than 300 characters and was shortened."),
    # notes about the file
    "extension": _l("The file name ends as if it were something else, but the content was recognised and read."),
    "several_sheets": _l("Several sheets or tables of the file were read together."),
    "hidden_sheets": _l("Hidden sheets were left out."),
    "unheaded": _l("No heading row was found; the columns were guessed from their content."),
    "country_from_title": _l("The country was taken from the title of the list."),
    # lines that are not rows
    "blank": _l("Blank line"),
    "above": _l("Title or note above the table"),
    "heading": _l("Heading row"),
    "section": _l("Section heading"),
    "remark": _l("Note or total"),
}


def sentence(code: str, **values: object) -> Lazy:
    return Lazy(SENTENCES[code].message, **values)


class Unreadable(Problem):
    """The file as a whole cannot be read; `code` is a key of SENTENCES, `values` fill its sentence."""

    status = 422

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(sentence(code, **values))
