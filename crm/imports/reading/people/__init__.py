"""The fields of one person from the cells of one row."""

from crm.imports.reading.people.cells import Around, Cells, Person
from crm.imports.reading.people.row import person_of

__all__ = ["Around", "Cells", "Person", "person_of"]
