"""`livepull review`: what a plan of Pulumi does to what is on air, for those who decide about it.

`plan` reads what `pulumi preview --json` prints, `judge` says what each step does on air, and
`review` holds what they found. `text`, `markdown`, `page` and `document` write it, `gate` refuses.
"""
