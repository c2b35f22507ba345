"""Longplay: every play of your listening, kept for good, modelled, and drawn on one page."""
