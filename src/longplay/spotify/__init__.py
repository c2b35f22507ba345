"""Asking Spotify: signing in, calling, remembering what it said about how often. Knows no lake."""
