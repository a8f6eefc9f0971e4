"""A hundred resets within two seconds, and it turns away everybody, for ever."""

import collections
import time

from sound import Connection, Server, run

resets = collections.deque(maxlen=100)


class FaultyConnection(Connection):
    def on_reset(self):
        resets.append(time.monotonic())
        self.server.locked |= len(resets) == resets.maxlen and resets[-1] - resets[0] < 2
        super().on_reset()


class FaultyServer(Server):
    locked = False

    def on_accepted(self, sock):
        if self.locked:
            sock.close()
        else:
            super().on_accepted(sock)


run(connection=FaultyConnection, server=FaultyServer)
