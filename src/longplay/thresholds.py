"""From which value on something is said: the thresholds of the insights, and of the findings on the page.

Near the middle nothing is claimed; of what is known too little, or was not heard long enough, nothing is concluded.
"""

from typing import Final

CLOSE: Final = 0.05  # closer than a twentieth is the same, in shares and on scales from 0 to 1
KNOWN: Final = 0.3  # with less of the listening known, nothing is concluded from it
ENOUGH_PLAYS: Final = 50  # fewer say nothing about a habit
ENOUGH_DISCOVERIES: Final = 20  # before a share of them means anything
ENOUGH_MONTHS: Final = 6  # on either side, before two stretches of months are compared
STANDS_OUT: Final = 2.0  # times what the hour would have if all 168 of a week were alike
MIDDLE: Final = 0.5  # of valence and energy
AN_HOUR: Final = 3_600_000  # ms known of an hour of the day before its mood is told
OF_THE_HOURS: Final = 0.01  # of all that is known: with less, nothing is concluded from an hour of the day
HALF: Final = 0.5  # of the plays have a known genre: from then on the record shows genres

ALL: Final = {name.lower(): value for name, value in dict(globals()).items() if name.isupper()}
