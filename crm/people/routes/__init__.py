"""The pages of people: the list and the record; the rows beside a record, each with a form of its own."""

from crm.people.routes.accepting import router as accepting
from crm.people.routes.alike import router as alike
from crm.people.routes.beside import router as beside
from crm.people.routes.bulk import router as bulk
from crm.people.routes.duplicates import router as duplicates
from crm.people.routes.exporting import router as exporting
from crm.people.routes.merging import router as merging
from crm.people.routes.orcid import router as orcid
from crm.people.routes.records import router as records
from crm.people.routes.relations import router as relations
from crm.people.routes.sharing import router as sharing
from crm.people.routes.sources import router as sources
from crm.people.routes.story import router as story
from crm.people.routes.transfers import router as transfers
from crm.people.routes.views import router as views

# Fixed paths come before /people/{person_id}.
ROUTERS = [
    alike,
    bulk,
    duplicates,
    exporting,
    views,
    sharing,
    transfers,
    accepting,
    merging,
    relations,
    beside,
    orcid,
    sources,
    story,
    records,
]
