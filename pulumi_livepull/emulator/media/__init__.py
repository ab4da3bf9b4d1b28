"""The media of the emulator: pulls sources, takes pushes, serves players, records.

All that touches PyAV is in `worker`, which runs in processes of its own. They import this package,
so that it imports nothing itself; begin with `media.media`.
"""
