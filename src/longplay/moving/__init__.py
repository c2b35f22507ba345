"""Moving house: everything of a home in a folder that anybody can read, and from there into another home."""
