"""It waits in recv() for the rest of a head, and serves nobody meanwhile."""

from sound import Connection, run


class Faulty(Connection):
    def read_head(self):
        self.sock.setblocking(True)
        while self.input and b'\r\n\r\n' not in self.input and not self.eof:
            try:
                data = self.sock.recv(self.INPUT_LIMIT)
            except OSError:
                self.on_reset()
                return False
            self.input += data
            self.eof = not data
        self.sock.setblocking(False)
        return super().read_head()


run(connection=Faulty)
