from crm.imports.routes import checking, ending, starting

ROUTERS = [starting.router, checking.router, ending.router]
