from crm.core.errors import Problem


class Gone(Problem):
    """Was public and is not any more."""

    status = 410
