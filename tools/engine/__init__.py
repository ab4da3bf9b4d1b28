"""Find the Pulumi engine's programs on this machine, or get them.

Four ways are tried in order; standard error tells which was taken and why not the earlier ones:

1. `path`: a `pulumi` on PATH, new enough and with its Python language host.
2. `cache`: what an earlier run put in the user's cache folder, keyed by version.
3. `download`: the official download, as the Python SDK itself offers it.
4. `build`: a build from the Go modules pinned in `tools/go.mod` and `language/`, of what the cache
   lacks.

A host for programs in YAML comes with it, unless the `pulumi` on PATH has none.

Runs before anything is installed, so it imports the standard library only.
"""
