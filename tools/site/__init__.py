"""The documentation site: hooks for mkdocs, and what the theme changes."""
