from crm.imports.routes import checking, ending, pasting, returned, starting

ROUTERS = [pasting.router, returned.router, starting.router, checking.router, ending.router]
