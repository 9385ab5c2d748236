from crm.core.contributions import Room
from crm.listings.routes.public import ROUTERS as PUBLIC

ROOM = Room(name="listings", routers=PUBLIC)
