"""Measuring: splits, metrics, baselines, report."""
