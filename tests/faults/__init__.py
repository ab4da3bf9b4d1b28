"""Everything that can go wrong on the way to a vendor, for every resource and operation."""
