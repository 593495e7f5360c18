"""What all Python peers have in common: the network as ONNX Runtime runs it, on one thread."""

import os

import numpy
import onnxruntime


def open_network():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        os.environ["MODEL"], options, providers=["CPUExecutionProvider"]
    )
    return lambda inputs: session.run(None, {"inputs": numpy.asarray(inputs, numpy.float32)})[0]
