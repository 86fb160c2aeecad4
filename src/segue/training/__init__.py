"""Learning the models (extra `train`)."""
