"""BentoML, `{"inputs": [[168]]}` to `[[24]]`. Access log and metrics off."""

import bentoml

from network import open_network


@bentoml.service(workers=1, logging={"access": {"enabled": False}}, metrics={"enabled": False})
class Network:
    def __init__(self):
        self.forward = open_network()

    @bentoml.api(route="/predict")
    def predict(self, inputs: list[list[float]]) -> list[list[float]]:
        return self.forward(inputs).tolist()
