from crm.events.routes import (
    attending,
    badges,
    deciding,
    door,
    guests,
    interests,
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
    guests.router,
    deciding.router,
    sending.router,
    receiving.router,
    attending.router,
    badges.router,
    papers.router,
    reporting.router,
    surveys.router,
    sharing.router,
]
"""The fixed paths of a module come before its paths with ids."""
