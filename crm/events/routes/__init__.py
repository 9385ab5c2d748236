from crm.events.routes import (
    badges,
    deciding,
    door,
    guests,
    interests,
    lists,
    papers,
    planning,
    public,
    receiving,
    reporting,
    sending,
    sharing,
    surveys,
)

ROUTERS = [
    door.router,
    public.router,
    interests.router,
    planning.router,
    lists.router,
    guests.router,
    deciding.router,
    sending.router,
    receiving.router,
    badges.router,
    papers.router,
    reporting.router,
    surveys.router,
    sharing.router,
]
"""The fixed paths of a module come before its paths with ids."""
