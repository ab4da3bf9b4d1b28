"""Live-stream relay tasks and recording callbacks on Chinese clouds, as Pulumi resources."""
