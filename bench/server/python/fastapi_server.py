"""FastAPI with orjson on uvicorn (uvloop, httptools), `{"inputs": [[168]]}` to `{"outputs": [[24]]}`. Logs off."""

import os

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response

from network import open_network

app = FastAPI()
forward = open_network()


@app.post("/predict")
async def predict(request: Request):
    outputs = forward(orjson.loads(await request.body())["inputs"])
    body = orjson.dumps({"outputs": outputs}, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(body, media_type="application/json")


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="error", access_log=False)
