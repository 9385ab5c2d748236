"""The smallest app there is, to measure everything else against."""

from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response

app = FastAPI(openapi_url=None)


@app.get("/")
def bare() -> Response:
    return PlainTextResponse("ok")
