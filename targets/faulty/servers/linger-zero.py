"""SO_LINGER with zero seconds on every socket: each close() is a reset."""

import socket
import struct

from sound import Connection, run


class Faulty(Connection):
    def start(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        super().start()

    def finish(self):
        self.close()


run(connection=Faulty)
