"""It listens without SO_REUSEADDR: what is left of earlier connections keeps it from starting again."""

import socket

from sound import Server, run


class Faulty(Server):
    def prepare(self, listener):
        super().prepare(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)


run(server=Faulty)
