"""The test suite; `hosting` and the cases of `conformance` are shared between its parts."""
