"""At the client's FIN it shuts down its side and forgets the socket: in no table any more, and its descriptor open."""

import socket

from leak import leak
from sound import IDLE, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase != IDLE or self.input:
            return super().on_eof()
        self.sock.shutdown(socket.SHUT_WR)
        leak(self)


run(connection=Faulty)
