"""Asking others what Spotify no longer tells new apps: how tracks sound, and which genres artists have. Knows no lake."""
