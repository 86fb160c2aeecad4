"""Learning the models (extra `train`): Keras 3 on JAX, exported to ONNX."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
