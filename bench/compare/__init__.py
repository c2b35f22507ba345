"""What becomes of one archive in Longplay, in a pandas script and in packages that others publish: `make compare`."""
