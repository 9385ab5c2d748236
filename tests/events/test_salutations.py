"""How a guest is addressed."""

import pytest

from crm.events.salutations import Addressed, salutation


@pytest.mark.parametrize(
    ("guest", "language", "said"),
    [
        (Addressed("高瀬 真理", title="准教授"), "ja", "高瀬 真理 先生"),
        (Addressed("高瀬 真理", title="課長"), "ja", "高瀬 真理 様"),
        (Addressed("Jane Roe", title="Ambassador of Invented Land"), "ja", "Jane Roe 大使閣下"),
        (Addressed("Jane Roe", title="在外大使館 書記官"), "ja", "Jane Roe 様"),
        (Addressed("高瀬 真理", partner="高瀬 一"), "ja", "高瀬 真理 様\n高瀬 一 様"),
        (Addressed("高瀬 真理", "Mari TAKASE", "Associate Professor"), "en", "Dear Professor Takase,"),
        (Addressed("高瀬 真理", "TAKASE Mari", "Group Leader"), "en", "Dear Mari Takase,"),
        (Addressed("Jane Roe", title="PhD student"), "en", "Dear Dr Roe,"),
        (Addressed("Sukarno", title="Professor"), "en", "Dear Professor Sukarno,"),
        (Addressed("Jane Roe", partner="Jo Poe"), "en", "Dear Jane Roe and Jo Poe,"),
        (Addressed("Jane Roe", title="Botschafterin"), "de", "Exzellenz,"),
        (Addressed("Jane Roe", title="Prof. Dr."), "de", "Guten Tag Prof. Dr. Roe,"),
        (Addressed("Jane Roe", title="Professor"), "de", "Guten Tag Prof. Roe,"),
        (Addressed("Jane Roe", title="Frau Prof. Dr."), "de", "Sehr geehrte Frau Prof. Dr. Roe,"),
        (Addressed("Jane Roe", title="Professorin"), "de", "Sehr geehrte Frau Prof. Roe,"),
        (Addressed("Jo Poe", title="Herr"), "de", "Sehr geehrter Herr Poe,"),
        (Addressed("Sukarno", title="Herr"), "de", "Sehr geehrter Herr Sukarno,"),
        (Addressed("Jo Poe", title="MS, Büro von Frau Roe"), "de", "Guten Tag Jo Poe,"),
        (Addressed("Jo Poe"), "de", "Guten Tag Jo Poe,"),
        (Addressed("Jo Poe", title="Herr Dr.", partner="Jane Roe"), "de", "Guten Tag Dr. Poe und Jane Roe,"),
        (Addressed("Jane Roe", title="Ambassador"), "fr", "Excellence,"),
        (Addressed("Jane Roe", title="Ambassadrice"), "fr", "Madame l’Ambassadrice,"),
        (Addressed("Jo Poe", title="Monsieur l’Ambassadeur"), "fr", "Monsieur l’Ambassadeur,"),
        (Addressed("Jane Roe", title="Professeure"), "fr", "Madame la Professeure,"),
        (Addressed("Jo Poe", title="M. le Professeur"), "fr", "Madame, Monsieur,"),
        (Addressed("Jo Poe", title="Monsieur le Professeur"), "fr", "Monsieur le Professeur,"),
        (Addressed("Jane Roe", title="Professor"), "fr", "Madame, Monsieur,"),
        (Addressed("Jane Roe", title="Mme"), "fr", "Madame,"),
        (Addressed("Jane Roe", title="Administratrice"), "fr", "Madame, Monsieur,"),
        (Addressed("Jane Roe"), "fr", "Madame, Monsieur,"),
        (Addressed("Jane Roe", title="Dra."), "es", "Estimado/a Jane Roe:"),
        (Addressed("Jane Roe", title="Ambassador", partner="Ms Jo Poe"), "en", "Your Excellency, dear Ms Jo Poe,"),
        (Addressed("Jane Roe", title="大使", partner="Jo Poe"), "ja", "Jane Roe 大使閣下\nJo Poe 様"),
        (Addressed("Jane Roe", title="Botschafterin", partner="Jo Poe"), "de", "Exzellenz,\nguten Tag Jo Poe,"),
        (Addressed("Jo Poe", title="Botschafter", partner="Frau Roe"), "de", "Exzellenz,\nsehr geehrte Frau Roe,"),
        (
            Addressed("Jo Poe", title="Herr Dr.", partner="Frau Roe"),
            "de",
            "Sehr geehrter Herr Dr. Poe,\nsehr geehrte Frau Roe,",
        ),
        (Addressed("Jo Poe", title="Ambassador", partner="Madame Roe"), "fr", "Excellence,\nMadame Roe,"),
        (Addressed("Jo Poe", title="Ambassador", partner="Jane Roe"), "fr", "Excellence,\nMadame, Monsieur Jane Roe,"),
        (Addressed("Jo Poe", title="Professor", partner="Jane Roe"), "fr", "Madame, Monsieur,\nProf. Poe et Jane Roe,"),
        (Addressed("Jo Poe", title="Embajador", partner="Jane Roe"), "es", "Excelencia, estimado/a Jane Roe:"),
        (Addressed("Jane Roe", title="Professor"), "id", "Dear Professor Roe,"),
    ],
)
def test_salutations(guest: Addressed, language: str, said: str) -> None:
    assert salutation(guest, language) == said
