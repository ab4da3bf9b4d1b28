"""Check schema.json with Pulumi's own code generators.

`python tools/codegen check` lets Pulumi's binder judge it, `sdk` writes the SDK of a language, and
`compile` compiles one. `main.go` is a small program over the generators, of the engine's version;
it is built once into the user's cache folder, as the engine is. Whatever is downloaded is pinned,
in `tools/go.mod` and `nodejs/package-lock.json`.
"""
