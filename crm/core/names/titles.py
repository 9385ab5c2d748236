"""Titles, degrees and forms of address that stand before or after a name."""

import re

_DOCTOR = r"Dr\.?[ -]?(?:Ing|Med|Phil|Sc|Agr|Jur|Rer|h\.?\s?c|Habil|Mult)?\b\.?(?:[ ]?(?:nat|pol|oec|med|c|mult|habil|hum|vet)\b\.?)*"
_BEFORE = re.compile(
    r"^(?:(?:Univ|Ao|Apl|Jun|Hon|Em|O|Tit|Ass|Assoc|Asst|Assist|Adj|Priv|Visiting|Emeritus|Full|Junior|Associate|Assistant|Adjunct"
    r"|Distinguished|außerplanm|a\.?\s?o)\b\.?[ -]*)*"
    r"(?:Professor(?:in|e)?|Professeure?|Prof(?:\(in\)|in)?|PD|Privatdozent(?:in)?|Doz|Dozent(?:in)?|Dipl\.?-?\s?\w{2,5}|Docteure?|Doctor"
    + r"|(?:le |la )(?=Prof|Doct|Pr)(?:Professeure?|Docteure?|Pr)|(?:M\.|Mme|Mlle|Monsieur|Madame)\s+l(?:e |a |['’])(?:Professeure?|Docteure?|Pr|Dr)|Maître de conférences|Lecturer|Reader|Sir|Dame|Mr|Mrs|Ms|Mx|Miss|Herrn?|Frau|Monsieur|Madame|Mademoiselle|Mme|Mlle|MM?(?=\.)"
    r"|Pr(?=[. ])|Eng|Ing(?=\.)|M\.?Sc|M\.?A(?=\.)|Ph\.?\s?D|M\.?D(?=[. ])|" + _DOCTOR + r")(?![\w'’-])\.?[,: ]*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[,;:]?\s*(?<![\w-])(?:Ph\.?\s?D|M\.?\s?D|D\.?\s?Sc|Sc\.?\s?D|D\.?\s?Phil|DPhil|M\.?\s?Sc|B\.?\s?Sc|MBA|MPH|MS|MA|M\.Eng|D\.?Eng|Dr\.?Eng|D\.?V\.?M|D\.?D\.?S"
    r"|FRS|FRSC|FRCP|FIEEE|P\.?\s?Eng|HDR|Habil|Professor|Prof|Dr|Esq|San|Sensei)\.?\s*$",
    re.IGNORECASE,
)
_JAPANESE = (
    r"(?:特任|特別|特命|特定|名誉|客員|招聘|招へい|卓越|主任|主幹|上席|上級|主席|首席|専任|兼任|終身|研究|栄誉|常勤|非常勤|副|准|助|正|上|先任|統括)*"
    r"(?:教授|講師|助教|助手|研究員|研究者|所長|部長|室長|学部長|学科長|グループリーダー|チームリーダー|ユニットリーダー|グループ長|チーム長"
    r"|研究主幹|ディレクター|センター長|医師|学長|学部長|研究科長|主宰者)"
)
_JAPANESE_BEFORE = re.compile(
    rf"^(?:{_JAPANESE}|(?:(?:理学|工学|医学|農学|薬学|文学|法学|経済学|学術|教育学)?博士))[\s:,、]+"
)
_JAPANESE_AFTER = re.compile(
    rf"(?:[\s,、]*\(?(?:{_JAPANESE}|(?:理学|工学|医学|農学|薬学|文学|法学|経済学|学術|教育学)博士|先生)\)?"
    r"|[\s,、]+博士|(?<=[^\s]{2})(?:氏|様|さん|殿))$"
)


def split_titles(text: str) -> tuple[str, str | None]:
    """The name without titles, and the titles as written in their order (None where there are none)."""
    before: list[str] = []
    after: list[str] = []
    while found := (_BEFORE.match(text) or _JAPANESE_BEFORE.match(text)):
        if not found.group() or not text[found.end() :].strip():
            break
        before.append(found.group().strip(" ,:、"))
        text = text[found.end() :].lstrip()
    while found := (_AFTER.search(text) or _JAPANESE_AFTER.search(text)):
        rest = text[: found.start()].rstrip(" ,;:、")
        if not rest or _reads_as_given(rest, found.group()):
            break
        after.insert(0, found.group().strip(" ,;:、()"))
        text = rest
    return text, " ".join(before + after) or None


def _reads_as_given(rest: str, title: str) -> bool:
    """博士 is also a given name (Hiroshi), MA and San are also names: keep them where nothing else would be left."""
    word = title.strip()
    if word == "博士":
        return not re.search(r"\s", rest)
    return (
        word.casefold().rstrip(".") in {"ma", "san", "ms"}
        and not ("." in word or "," in title)
        and len(rest.split()) < 2
    )
