"""It reads a first byte when it accepts; of a client that has left already there is none, and nobody handles that."""

import socket

from sound import Server, run


class Faulty(Server):
    def on_accepted(self, sock):
        sock.setblocking(False)
        try:
            sock.recv(1, socket.MSG_PEEK)[0]
        except OSError:
            pass
        super().on_accepted(sock)


run(server=Faulty)
