"""What limits the whole way, said below its figure while its bar does not hold: measured once, on a busy machine."""

from typing import Final

WHOLE: Final = """\
What limits the whole run on a million plays, told on a slower machine than the table: about 40 s CPU where the script takes
22 s. Importing and loading are 14 s of it, the models 17 s, what dbt does between its steps 4 s, the page 4 s (and 6 s more
on the first run of a machine, when what all pages share is made and kept). Of the models, beside what plain DuckDB needs to
read a table that stands and write it again:

| model                            | CPU   | read and written alone |
|----------------------------------|-------|------------------------|
| stg_spotify__listening_history   | 4.2 s | 2.3 s                  |
| int_plays_reconciled             | 3.8 s | 2.6 s                  |
| int_late_plays, int_plays_placed | 2.8 s | 0.6 s                  |
| stg_spotify__tracks              | 1.8 s | 0.7 s                  |
| int_first_listens                | 1.6 s | 0.4 s                  |
| int_daily_plays                  | 0.8 s | 0.0 s                  |
| int_listening_sessions           | 0.5 s | 0.0 s                  |
| all others                       | 1.8 s |                        |

Two tables hold every column of every play: what each source said, and what became of it. Writing them, above all their keys
of 32 letters, is 5 s. On top come a hash for each key (0.5 s), the order in which plays lie (0.9 s), and the clock of
offline plays, five windows over all of them (2 s). pandas writes its plays once: it takes what was offline as it is
reported, has no keys, matches no other archive and no polls, draws no page, and its tables cannot be brought up to date. So
the bar compares two kinds of work."""
