"""Which field a heading names, in Japanese, English, German and French."""

import re

from crm.core.names.scripts import tidy

_ANY: list[tuple[str, float, str]] = [
    # field, confidence, pattern on the folded heading; the first that matches wins
    ("ignore", 0.9, r"^(?:no|nr|№|n°|num(?:ber|mer|éro)?|番号|通番|連番|通し番号|整理番号|項番|#|id|lfd\.? ?nr|pos|row|行|ser(?:ial)?(?: no)?|s/?n|no\.? ?\d*)$"),
    ("ignore", 0.9, r"gender|\bsex\b|性別|geschlecht|\bsexe\b|\bcode\b|コード|\berc\b|\bpanel\b|生年|birth|geburt|naissance|国籍|nationalit|\bfax\b|写真|photo|foto\b|timestamp|タイムスタンプ|zeitstempel|horodat"),
    ("ignore", 0.8, r"^(?:更新日|登録日|確認日|最終確認.*|掲載.*|同意.*|consent.*|date|datum|updated?|last (?:updated|confirmed|checked).*|as of|stand|mise à jour|status|ステータス|公開.*|担当.*|版)$"),
    ("orcid", 1.0, r"orcid|オーキッド"),
    ("erad", 1.0, r"e-?rad|研究者番号|科研費?番号|researcher (?:no|number|id)"),
    ("researchmap", 1.0, r"researchmap|リサーチマップ"),
    ("open_to", 0.9, r"相談可|対応可能|対応できる|受[けい]?入れ?|可能事項|^可能な|協力可能|open to|available for|willing|can (?:offer|host)|accept(?:s|ing)|offen für|bereit|angebot|disponib|ouvert|accueil"),
    ("unit", 0.95, r"unité de recherche|research (?:unit|group|cent)|forschungsgruppe|研究グループ|groupe de recherche|équipe de recherche"),
    ("languages", 1.0, r"speaking|言語|languages?\b|sprach|langues?\b|日本語対応|spoken"),
    ("email", 1.0, r"e-?mail|メール|courriel|\bmél\b|\bmail\b|電子メ|^adresse électronique|アドレス$"),
    ("links", 0.9, r"\burls?\b|find out more|more info|ウェブ|ホームページ|\bweb|website|home ?page|\bhp\b|リンク|\blinks?\b|internet|サイト|site (?:web|internet)|^site\b|\bpage\b|seite$|\blab(?:oratory)? (?:page|site|web)|研究室ページ|研究室url"),
    ("phone", 1.0, r"電話|\btel\b|\bphone|telefon|téléphone|\btél\b|rufnummer|携帯|連絡先番号"),
    ("kana", 1.0, r"^(?:せい|めい|セイ|メイ)$|ふりがな|フリガナ|振り仮名|^よみ|読み|仮名|^かな|カナ|kana\b|furigana|yomi|\breading\b|lesung|aussprache|lecture$|pronunciation"),
    ("kanji", 0.95, r"漢字|kanji|name.*\bjapanese\b(?!.*english)|japanese (?:name|script|characters?)|in japanese|japanisch(?:er)? ?(?:e[rs]? )?(?:name|schreib|schrift)|name.*japanisch|nom.*japonais|en japonais|日本語(?:氏名|名|表記)|和名|氏名.*(?:日本語|和文)"),
    ("full_name", 0.9, r"ローマ字|romaji|英字|英語(?:氏名|名|表記)|氏名.*英|name.*\b(?:english|roman|latin|latein)\w*|english name|latin name|alphabet|アルファベット|欧文"),
    ("family", 0.9, r"^nom$"),
    ("family", 1.0, r"^姓(?!名)|^苗字|^名字|^氏$|family|surname|last ?name|nachname|familienname|zuname|nom de famille|^sei$|^氏名.*姓$"),
    ("full_name", 1.0, r"nachname.*vorname|vorname.*nachname|(?:family|last|sur).*(?:given|first).*name|nom.*prénom|prénom.*nom|name,? ?vorname|vorname,? ?name\b|姓名|氏名|氏 ?名|お?名前|^who$|full ?name|^name$|^names?\b(?! of)|^研究者名?|研究者氏名|^pi$|^pi ?(?:name|氏?名)|^principal investigators?$|^researchers?$|^investigator|name of (?:pi|researcher|principal|prof)|forscher|wissenschaftler|^chercheu|^nom complet|nom du chercheur|^professor$|責任者|^先生|代表者|^pi\b.*名|主宰者名?|scientist|^person|ansprechpartner|contact person|leiter\b|^responsable|^group leader$"),
    ("given", 1.0, r"^名$|given|first ?name|forename|vorname|prénom|^mei$|^氏名.*名$|^下の名"),
    ("research_fields", 0.95, r"^what$|研究(?:分野|領域|内容|テーマ|課題|キーワード|概要|対象|$)|専門|分野|キーワード|\bfields?\b|key ?words?|research|speciali[sz]|expertise|topics?\b|interests?|forschung|fachgebiet|fachrichtung|schwerpunkt|arbeitsgebiet|\bthemen\b|domaine|thème|thématique|recherche|spécialit|mots?.clés?|discipline|subject|^areas?\b|\bfach\b|stichw|schlagw"),
    ("title", 0.95, r"職名|役職|職位|肩書|身分|職階|^職|職$|^役$|position|\btitles?\b|\brank\b|\btitel\b|fonction|funktion|\bposte\b|\bgrade\b|statut|stellung|amtsbezeichnung|\brole\b|job|dienstbez|civilité|anrede|qualité$|titre|^称号|学位|academic degree"),
    ("unit", 0.95, r"部局|学部|学科|研究科|部署|部門|学院|研究室名?$|所属.*(?:部|科|室)|depart|\bdept|faculty|school|\bunit\b|division|section|\blab(?:oratory|or)?\b|départ|abteilung|fachbereich|fakultät|lehrstuhl|laboratoire|\bunité\b|service|équipe|arbeitsgruppe|^group$|gruppe|umr\b|^institut/|専攻|講座|subdivision"),
    ("institution", 1.0, r"所属|機関|大学|勤務先|affiliation|institution|universit|institute?\b|organi[sz]ation|hochschule|einrichtung|établissement|etablissement|organisme|employer|arbeitgeber|\bhost\b|company|企業|会社|研究所|employeur|^where$|\binst\b|wirkungsstätte|dienststelle|rattachement|在籍"),
    ("country", 1.0, r"^国$|国名|国[・/]?地域|^所在国|滞在国|派遣国|country|\bland\b|\bpays\b|nation\b|^staat$|在住国|勤務国"),
    ("city", 0.95, r"都市|^市|市町村|\bcity\b|\btown\b|location|\bplace\b|\bort\b|\bstadt\b|standort|\bville\b|\blieu\b|所在地|勤務地|居住地|localité|^場所|address|住所|adresse|sitz"),
    ("region", 0.9, r"^州|州名|都道府県|\bstate\b|province|\bregion\b|bundesland|kanton|canton|région|^地域|地方|county|prefecture|territory|管轄"),
    ("links", 0.5, r"連絡先|contact|kontakt|coordonnées|問い?合わせ|お問合"),
    ("note", 0.8, r"備考|メモ|\bnotes?\b|remark|comment|bemerk|anmerk|remarque|observation|その他|memo|補足|特記|notiz|hinweis|divers|sonstig|other"),
]  # fmt: skip
_PATTERNS = [(name, confidence, re.compile(pattern)) for name, confidence, pattern in _ANY]
_INSTITUTION = next(pattern for name, _, pattern in _PATTERNS if name == "institution")
_UNIT = next(pattern for name, _, pattern in reversed(_PATTERNS) if name == "unit")
LONGEST_HEADING = 60


def fold(text: str) -> str:
    """A heading as the patterns want it: small letters, single spaces, no brackets round all, no marks."""
    folded = re.sub(r"\s+", " ", tidy(text).replace("\n", " ")).casefold().replace("­", "")
    if re.fullmatch(r"(?:[\u3000-\u9fff] )+[\u3000-\u9fff]", folded):
        folded = folded.replace(" ", "")
    return folded.strip(" *:.：†※●○◆■□【】[]*")


def field_of(heading: str) -> tuple[str, float] | None:
    """(field, confidence) that a heading names, or None."""
    folded = fold(heading)
    if not folded or len(folded) > LONGEST_HEADING:
        return None
    bare = re.sub(r"\s*[(（].*?[)）]", "", folded).strip()
    if (
        _INSTITUTION.search(bare)
        and _UNIT.search(bare)
        and not re.search(r"^institut/|所属[^・/、,]*(?:部|科|室)", bare)
    ):
        return "institution", 0.9
    if re.search(r"所属.*(?:職|役)|(?:職|役).*所属", bare):
        return "institution", 0.9
    for text in (folded, bare) if bare and bare != folded else (folded,):
        for name, confidence, pattern in _PATTERNS:
            if pattern.search(text):
                return name, confidence
    return None


def field_of_levels(levels: list[str]) -> tuple[str, float] | None:
    """The field of a column with several heading rows: the lowest that says something, else all of them together."""
    words = list(dict.fromkeys(level.strip() for level in levels if level.strip()))
    for level in reversed(words):
        found = field_of(level)
        if found:
            return _narrowed(found, " ".join(words))
    return field_of(" ".join(words)) if words else None


def _narrowed(found: tuple[str, float], together: str) -> tuple[str, float]:
    """ "Name" over "Japanese", "所属" over "名称": the upper row says what, the lower which."""
    whole = field_of(together)
    if whole and found[0] in {"full_name", "languages"} and whole[0] in {"kanji", "kana", "family", "given"}:
        return whole
    return found
