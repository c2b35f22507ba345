"""What a listener chooses: what counts as a play, what is left out, and where they lived.

All of it stands in one file, `choices.toml`, which people write (`shape`, `lines`). From there it goes into the lake like
everything else (`longplay.choosing`), as rows that say for each listener what holds (`rows`).
"""
