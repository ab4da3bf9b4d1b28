"""Run the example on a local emulator, through the real Pulumi engine, and remove it again.

Everything is in `.livepull` in the checkout: the emulator's record and log, and a separate Pulumi
home and state. The user's files are not touched, and the git tree stays clean.
"""
