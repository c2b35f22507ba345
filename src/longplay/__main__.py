"""Where `longplay` and `python -m longplay` begin."""

import signal


def main() -> None:
    """Load the command line and run it; until it is there, Ctrl-C ends the process without a word."""
    meant = signal.getsignal(signal.SIGINT)
    if meant is signal.default_int_handler:  # not where a shell that runs things in the background ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    from longplay.entrypoints import cli  # noqa: PLC0415  takes long enough to be stopped

    signal.signal(signal.SIGINT, meant)
    cli.main()


if __name__ == "__main__":
    main()
