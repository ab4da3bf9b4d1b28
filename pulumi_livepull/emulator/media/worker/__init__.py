"""The process of a relay or conversion. It is separate, because a hostile source can crash it.

Only the modules in this package import PyAV. The first line of standard input is a job in JSON. The
process ends when standard input closes, and so it ends with the emulator. With the argument `fork`,
`python -m` of this package forks a process for each requested job instead.
"""
