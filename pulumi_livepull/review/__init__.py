"""`livepull review`: what a Pulumi plan does on air, for the people who approve it.

`plan` reads the output of `pulumi preview --json`, `judge` determines what each step does on air,
and `review` holds the results. `text`, `markdown`, `page` and `document` format them, and `gate`
decides whether a pipeline fails.
"""
