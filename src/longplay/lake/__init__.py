"""The lake: files under names made from content, and the state beside it."""
