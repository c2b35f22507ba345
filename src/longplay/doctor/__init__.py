"""Looking at a home without changing it, and saying what is wrong and what to do; works where nothing else does."""
