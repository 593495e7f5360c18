"""KServe, protocol v1: `{"instances": [[168]]}` to `{"predictions": [[24]]}`. Logs off."""

import logging
import os

from kserve import Model, ModelServer

from network import open_network


class Network(Model):
    def __init__(self):
        super().__init__("network")
        self.forward = open_network()
        self.ready = True

    def predict(self, payload, headers=None, response_headers=None):
        return {"predictions": self.forward(payload["instances"]).tolist()}


logging.disable(logging.WARNING)
ModelServer(http_port=int(os.environ["PORT"]), enable_grpc=False).start([Network()])
