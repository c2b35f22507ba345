"""What listens on this machine answers at once."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from longplay.loopback import HOST, listener_on


def test_an_answer_in_two_pieces_is_not_held_back_between_them():
    """Its second piece would wait until the other side has told that it has the first, which takes 40 ms."""

    async def how_it_sends() -> int:
        met = asyncio.get_running_loop().create_future()
        with closing(listener_on(0)) as listening:
            async with await asyncio.start_server(lambda _, writer: met.set_result(writer), sock=listening):
                _, ours = await asyncio.open_connection(HOST, listening.getsockname()[1])
                theirs = await met
                sends_at_once = theirs.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                for writer in (ours, theirs):
                    writer.close()
                return sends_at_once

    with ThreadPoolExecutor(1) as elsewhere:  # where no browser's loop runs
        assert elsewhere.submit(asyncio.run, how_it_sends()).result()
