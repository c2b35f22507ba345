"""Reading the archives that Spotify sends out on request. Nothing here knows of a lake."""
