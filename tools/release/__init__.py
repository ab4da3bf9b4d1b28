"""What a release consists of, made into one folder: `python tools/release build`.

The wheel comes from the sdist, and the plugin's archives and the SBOM from the wheel, so that
nothing of the checkout gets in that a release does not hold.
"""
