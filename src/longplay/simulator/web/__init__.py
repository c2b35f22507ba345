"""A Spotify over real HTTP, on this machine only, that tells the same invented listening as the archives.

`longplay.simulator.web.spotify.SimulatedSpotify` is the way in.
"""
