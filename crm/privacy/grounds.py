"""Why an office may say no: Articles 78, 81 and 98 of the Act on the Protection of Personal Information.

Sources: for Article 78 https://www-pref-mie-lg-jp.cache.yimg.jp/KOUKAI/33597024297.htm (items 1 and 2) and the heads of
the further items in the rules of the JST; for Articles 81 and 98 https://iuris.jp. The sentences are our own and short;
the words of the law decide.
"""

from crm.core.i18n import lazy_gettext as _l

GROUNDS = {
    "harm": _l("It could harm the life, health, livelihood or property of the person concerned (Art. 78)."),
    "others": _l("It says something of another individual (Art. 78)."),
    "bodies": _l("It says something of a company or another body (Art. 78)."),
    "state": _l("It could harm the security of the State or its relations with others (Art. 78)."),
    "safety": _l("It could harm public safety and order (Art. 78)."),
    "deliberation": _l("It is part of deliberations or consultations (Art. 78)."),
    "business": _l("It could hinder the proper conduct of official business (Art. 78)."),
    "existence": _l("To say whether such a record exists would itself disclose this (Art. 81)."),
    "conditions": _l("The conditions for stopping the use are not met (Art. 98)."),
    "law": _l("Another law requires that the record is kept."),
}
