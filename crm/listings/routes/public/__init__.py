from crm.listings.routes.public.map import router as map_router
from crm.listings.routes.public.missions import router as missions_router
from crm.listings.routes.public.people import router as people_router

ROUTERS = [map_router, people_router, missions_router]
