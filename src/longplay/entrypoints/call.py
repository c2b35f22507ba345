"""What was asked for on this command line, besides the command."""

from longplay.settings import Settings


class Call:
    """The options that every command has."""

    settings: Settings
    json = False
    debug = False
    home_given = False
    user_given = False


CALL = Call()
