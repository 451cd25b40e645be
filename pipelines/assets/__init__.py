"""Dagster's view of the road: assets join the rooms, and decide nothing."""
