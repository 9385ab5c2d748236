"""Web pages and cards."""

from pathlib import Path

from tests.imports.reading_lists import entries_of, people_of, understand, written


def page(body: str, title: str = "List") -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


def test_list_items_under_headings(tmp_path: Path) -> None:
    body = """<nav><ul><li>Home</li><li>Visa</li><li>Events</li></ul></nav><h1>ボストン近郊の日本人PI</h1>
    <h2>Harvard Medical School</h2><ul>
    <li>山田 太郎（やまだ たろう） Assistant Professor, Department of Genetics <a href="https://y.example/">研究室HP</a><br>
    研究分野：遺伝学、発生生物学</li>
    <li>鈴木 花子 Professor, Department of Cell Biology<br>研究分野：細胞生物学</li></ul>
    <h2>MIT</h2><ul><li>高橋 健 教授<br>専門：物理学・化学</li></ul>"""
    _, found = understand(written(tmp_path, "p.html", page(body)))
    first, _, last = people_of(found)
    assert (first.full_name, first.kana, first.title) == ("山田 太郎", "やまだ たろう", "Assistant Professor")
    assert (first.institution, first.unit) == ("Harvard Medical School", "Department of Genetics")
    assert (first.links, first.research_fields) == (["https://y.example/"], ["遺伝学", "発生生物学"])
    assert (last.institution, last.title, last.research_fields) == ("MIT", "教授", ["物理学", "化学"])


def test_paragraphs_under_bold_lines(tmp_path: Path) -> None:
    body = """<h1>Japanische Forschende in der Schweiz</h1><p><b>ETH Zürich</b></p>
    <p>Prof. Dr. Taro Yamada – Institut für Chemie – Katalyse, Elektrochemie – <a href="http://x.example">Webseite</a></p>
    <p>Dr. Hanako Suzuki – Institut für Biologie – Zellbiologie – hanako(at)ethz.example</p>
    <p><b>EPFL</b></p><p>Prof. Ken Sato – Institute of Physics – Quantum optics</p>"""
    _, found = understand(written(tmp_path, "p.html", page(body)))
    one, two, three = people_of(found)
    assert (one.title, one.institution, one.unit) == ("Prof. Dr.", "ETH Zürich", "Institut für Chemie")
    assert (one.research_fields, one.links) == (["Katalyse", "Elektrochemie"], ["http://x.example"])
    assert (two.family, two.email, two.country) == ("Suzuki", "hanako@ethz.example", "CH")
    assert three.institution == "EPFL"


def test_cards_with_names_as_headings(tmp_path: Path) -> None:
    card = """<div class="card"><h3>{}</h3><p>Professor</p>
    <p>National University of Singapore</p>
    <p>Department of Physics</p><dl><dt>Research</dt><dd>Optics, Photonics</dd>
    <dt>E-mail</dt><dd>{}@nus.example</dd></dl><a href="https://l.example">Lab</a></div>"""
    body = "<h1>Japanese PIs in Singapore</h1>" + card.format("Taro YAMADA", "t") + card.format("Aoi MORI (森 葵)", "a")
    _, found = understand(written(tmp_path, "p.html", page(body)))
    one, two = people_of(found)
    assert (one.family, one.unit, one.email) == ("YAMADA", "Department of Physics", "t@nus.example")
    assert (two.kanji, two.research_fields, two.country) == ("森 葵", ["Optics", "Photonics"], "SG")


def test_one_small_table_for_each_person(tmp_path: Path) -> None:
    entry = """<h3>{}</h3><table><tr><th>所属</th><td>リヨン大学 理学部</td></tr><tr><th>職名</th><td>教授</td></tr>
    <tr><th>専門</th><td>{}</td></tr></table>"""
    body = (
        "<h1>在仏日本人研究者</h1>"
        + entry.format("田中 一郎（たなか いちろう）", "数学、物理")
        + entry.format("伊藤 美咲", "生物")
    )
    _, found = understand(written(tmp_path, "p.html", page(body)))
    one, two = people_of(found)
    assert (one.full_name, one.kana, one.title) == ("田中 一郎", "たなか いちろう", "教授")
    assert (one.institution, one.unit, two.research_fields) == ("リヨン大学", "理学部", ["生物"])


def test_several_tables_with_their_institutions_above(tmp_path: Path) -> None:
    table = "<h2>{}</h2><table><tr><th>Nom</th><th>Prénom</th><th>Domaine</th><th>Mél</th></tr>{}</table>"
    row = "<tr><td>{}</td><td>{}</td><td>Chimie</td><td>{}</td></tr>"
    body = "<h1>Chercheurs japonais en Belgique</h1>"
    body += table.format("KU Leuven", row.format("YAMADA", "Taro", "t [at] kul.example"))
    body += table.format("UCLouvain", row.format("MORI", "Aoi", "") + row.format("SATO", "Ken", "ken@ucl.example"))
    _, found = understand(written(tmp_path, "p.html", page(body)))
    assert [(one.full_name, one.institution, one.email) for one in people_of(found)] == [
        ("Taro YAMADA", "KU Leuven", "t@kul.example"),
        ("Aoi MORI", "UCLouvain", None),
        ("Ken SATO", "UCLouvain", "ken@ucl.example"),
    ]


def test_an_old_card_in_shift_jis(tmp_path: Path) -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=SHIFT_JIS:山田;太郎\r\nFN;CHARSET=SHIFT_JIS:山田 太郎\r\n"
        "SOUND;X-IRMC-N;CHARSET=SHIFT_JIS:ﾔﾏﾀﾞ;ﾀﾛｳ\r\nORG;CHARSET=SHIFT_JIS:ボン大学;物理学科\r\n"
        "TITLE;CHARSET=SHIFT_JIS:教授\r\nEMAIL;INTERNET:ty@bonn.example\r\nADR;WORK;CHARSET=SHIFT_JIS:;;;ボン;;53111;ドイツ\r\nEND:VCARD\r\n"
    )
    _, found = understand(written(tmp_path, "c.vcf", card, "cp932"))
    one = people_of(found)[0]
    assert (one.full_name, one.kana, one.institution, one.unit) == (
        "山田 太郎",
        "ヤマダ タロウ",
        "ボン大学",
        "物理学科",
    )
    assert (one.city, one.country, one.email) == ("ボン", "DE", "ty@bonn.example")


def test_a_quoted_printable_card_and_a_card_of_version_four(tmp_path: Path) -> None:
    quoted = "=E6=A3=AE=20=E8=91=B5"
    cards = (
        f"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted}\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nFN:Taro Yamada\nN:Yamada;Taro;;;\nitem1.EMAIL:t@x.example\nURL:https://x.example\n"
        "EXPERTISE:Optics\nNOTE:Research: Lasers\\, Photonics\\nMet in May.\nEND:VCARD\n"
    )
    _, found = understand(written(tmp_path, "c.vcf", cards))
    one, two = people_of(found)
    assert one.full_name == "森 葵"
    assert (two.email, two.links, two.note) == ("t@x.example", ["https://x.example"], "Met in May.")
    assert two.research_fields == ["Optics", "Lasers", "Photonics"]


def test_degrees_after_names_are_titles_and_no_item_of_a_list_is_lost(tmp_path: Path) -> None:
    body = """<h1>Japanese PIs in California</h1><h3>UCSF</h3><ul>
    <li>Yumi Kato, MD, PhD, Professor, Department of Medicine – cancer immunology – yumi.kato at ucsf.example</li>
    <li>Taro Yamada, Associate Professor of Physics – lasers</li><li>Rin Ono, Lecturer</li><li>Ken Sato, Lecturer</li>
    <li>(vacant)</li></ul>"""
    _, found = understand(written(tmp_path, "p.html", page(body)))
    entries = entries_of(found)
    assert (entries[0].fields.unit, entries[0].fields.research_fields) == (
        "Department of Medicine",
        ["cancer immunology"],
    )
    first = entries[0].fields
    assert (first.email, first.country) == ("yumi.kato@ucsf.example", None)
    assert [entry.problem for entry in entries] == [None, None, None, None, "placeholder_name"]


def test_paragraphs_under_marked_lines_with_names_without_spaces(tmp_path: Path) -> None:
    body = """<h2>カナダ在住日本人研究者一覧</h2><p>■トロント大学</p><p>山田太郎　教授　免疫学<br>http://y.example/</p>
    <p>鈴木花子　准教授　物性物理<br>http://s.example/</p><p>■マギル大学</p><p>高橋健　助教　神経科学、行動学<br>http://t.example/</p>"""
    _, found = understand(written(tmp_path, "p.html", page(body)))
    assert [(one.full_name, one.title, one.institution) for one in people_of(found)] == [
        ("山田太郎", "教授", "トロント大学"),
        ("鈴木花子", "准教授", "トロント大学"),
        ("高橋健", "助教", "マギル大学"),
    ]
    assert people_of(found)[2].research_fields == ["神経科学", "行動学"]
