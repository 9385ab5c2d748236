import typer


def find() -> None:
    raise typer.Exit(1)
