from crm.listings.routes.public.map import router as map_router
from crm.listings.routes.public.missions import router as missions_router
from crm.listings.routes.public.open import router as open_router
from crm.listings.routes.public.paper import router as paper_router
from crm.listings.routes.public.people import router as people_router
from crm.listings.routes.public.relay import router as relay_router
from crm.listings.routes.public.site import router as site_router

ROUTERS = [map_router, people_router, relay_router, missions_router, paper_router, open_router, site_router]
