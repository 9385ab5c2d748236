"""From a list as an office has it to rows with named fields: no database, no web.

The web process imports only `sandbox` (and the light `shapes` and `errors`): the readers themselves run in a limited
process of their own, `python -m crm.imports.reading`.
"""
