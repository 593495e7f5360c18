"""MLServer, protocol v2, in one process. Logs and metrics off."""

import asyncio
import os

from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse

from network import open_network


class Network(MLModel):
    async def load(self):
        self.forward = open_network()
        return True

    async def predict(self, payload):
        outputs = self.forward(NumpyCodec.decode_input(payload.inputs[0]))
        return InferenceResponse(
            model_name=self.name, outputs=[NumpyCodec.encode_output("outputs", outputs)]
        )


async def main():
    settings = Settings(
        debug=False,
        host="127.0.0.1",
        http_port=int(os.environ["PORT"]),
        grpc_port=0,
        metrics_endpoint=None,
        parallel_workers=0,
        load_models_at_startup=False,
    )
    await MLServer(settings).start([ModelSettings(name="network", implementation=Network)])


asyncio.run(main())
