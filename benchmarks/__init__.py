"""The time and memory of this package, as ratios to a floor measured in the same run."""
