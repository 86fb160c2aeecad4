"""Where candidates come from, one file a source; a new one also goes into `candidates.SOURCES`."""
