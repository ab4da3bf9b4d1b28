"""The media of the emulator: pulls sources, accepts pushes, serves players, records.

Everything that uses PyAV is in `worker`, which runs in separate processes. They import this
package, so it imports nothing itself. Start reading at `media.media`.
"""
