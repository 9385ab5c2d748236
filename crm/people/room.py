from crm.core.contributions import Room

ROOM = Room(name="people")
