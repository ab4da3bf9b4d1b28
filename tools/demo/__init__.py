"""Bring the example up on a local emulator, through the real Pulumi engine, and take it away again.

Everything lives in `.livepull` in the checkout: the emulator's record and log, and a Pulumi home
and state of the demo's own. Nothing of the user's is touched, and the git tree stays clean.
"""
