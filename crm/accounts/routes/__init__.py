from crm.accounts.routes.factors import router as factors
from crm.accounts.routes.journal import router as journal
from crm.accounts.routes.linking import router as linking
from crm.accounts.routes.members import router as members
from crm.accounts.routes.own import router as own
from crm.accounts.routes.passkeys import router as passkeys
from crm.accounts.routes.provider import router as provider
from crm.accounts.routes.sign_in import router as sign_in
from crm.accounts.routes.tokens import router as tokens

ROUTERS = [sign_in, factors, passkeys, provider, linking, tokens, own, members, journal]
