"""Tools for a checkout, which are not part of the wheel."""
