"""Listening on this machine alone."""

import socket
import sys
from typing import Final

HOST: Final = "127.0.0.1"


def listener_on(port: int) -> socket.socket:
    """Listen on a port of this machine, on one of the moment if it is 0; raises OSError if the port is taken.

    The protocol is named, for asyncio hands on at once what is sent over TCP alone; else half of an answer waits 40 ms for the
    other side to say that it has the first half.
    """
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    if sys.platform != "win32":  # where it would let two listen on one port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except BaseException:
        listening.close()
        raise
    return listening
