"""What Longplay costs, measured beside a floor and beside what one would write without it: `make bench`."""
