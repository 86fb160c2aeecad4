"""Features from elsewhere for tracks that have none: asked for, never taken without a yes."""
