"""A process of its own for each relay and conversion, as a hostile source can hang or crash it.

Only the modules here import PyAV. The emulator starts `python -m` this package with one job in JSON
as the first line of standard input; it ends when that input ends, and so with the emulator.
"""
