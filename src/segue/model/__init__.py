"""A trained model on disk, and the ONNX sessions that run it."""
