"""What a checkout needs besides the package; not part of the wheel."""
