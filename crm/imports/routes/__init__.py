from crm.imports.routes import checking, ending, pasting, starting

ROUTERS = [pasting.router, starting.router, checking.router, ending.router]
