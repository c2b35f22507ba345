"""A Spotify of our own: an invented listener, and the archives Spotify would send them."""
