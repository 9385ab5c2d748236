from crm.cli import app

app()
