"""A process of its own for each relay and conversion, as a hostile source can hang or crash it.

Only the modules here import PyAV. The first line of standard input is one job in JSON; the process
ends when that input ends, and so with the emulator. With the argument `fork`, `python -m` of this
package instead forks a process for each job that it is asked for.
"""
