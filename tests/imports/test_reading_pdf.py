"""PDF tables made by Typst: with rules, without, and running text."""

from pathlib import Path

import pytest
import typst

from tests.imports.reading_lists import people_of, understand

FONT = Path(__file__).parents[2] / "node_modules" / "@expo-google-fonts" / "noto-sans-jp"
PEOPLE = [
    ("山田 太郎", "YAMADA Taro", "ボン大学", "教授", "物理学、光学"),
    ("森 葵", "MORI Aoi", "ケルン大学", "准教授", "細胞生物学、発生生物学、幹細胞研究における新しい手法"),
    ("髙﨑 健", "TAKASAKI Ken", "ミュンヘン工科大学", "主任研究員", "材料"),
] * 12


def printed(folder: Path, source: str) -> Path:
    (folder / "list.typ").write_text(source, encoding="utf-8")
    path = folder / "list.pdf"
    path.write_bytes(typst.compile(str(folder / "list.typ"), font_paths=[str(FONT)], ignore_system_fonts=True))
    return path


def table(rules: str) -> str:
    cells = [["氏名", "Name", "所属", "職名", "研究分野"], *PEOPLE]
    body = ",\n".join("[" + "], [".join(row) + "]" for row in cells)
    head = (
        '#set page(paper: "a5", flipped: true)\n#set text(font: "Noto Sans JP", size: 9pt)\n= Japanese PIs in Germany\n'
    )
    return f"{head}#table(columns: (1fr, 1.4fr, 1.3fr, 1fr, 1.6fr), stroke: {rules}, {body})\n※ 架空の例です。\n"


@pytest.mark.parametrize("rules", ["0.5pt", "none", "(bottom: 0.5pt)"])
def test_a_table_over_several_pages(tmp_path: Path, rules: str) -> None:
    _, found = understand(printed(tmp_path, table(rules)))
    people = people_of(found)
    assert [one.kanji for one in people] == [row[0] for row in PEOPLE]
    assert [one.latin for one in people] == [row[1] for row in PEOPLE]
    assert people[1].research_fields == ["細胞生物学", "発生生物学", "幹細胞研究における新しい手法"]
    assert {one.country for one in people} == {"DE"}


@pytest.mark.parametrize("columns", [1, 2])
def test_running_text_under_headings(tmp_path: Path, columns: int) -> None:
    head = f'#set page(columns: {columns})\n#set text(font: "Noto Sans JP", size: 9pt)\n= PIs in Germany\n'
    text = "".join(
        f"== {place}\n*{kanji}* ({latin}) {title} \\\n専門：{fields} \\\n"
        f'#link("https://x.example/{number}")[研究室] \n\n'
        for number, (kanji, latin, place, title, fields) in enumerate(PEOPLE)
    )
    _, found = understand(printed(tmp_path, head + text))
    people = people_of(found)
    assert len(people) == len(PEOPLE)
    assert (people[0].full_name, people[0].institution, people[0].title) == ("山田 太郎", "ボン大学", "教授")
    assert people[2].links == ["https://x.example/2"]
