"""The whole flow: seeds in, picks out."""
