"""It waits in recv() for the rest of a body, and serves nobody meanwhile."""

from sound import Connection, run


class Faulty(Connection):
    def read_body(self):
        self.sock.setblocking(True)
        while len(self.input) < self.body_left and not self.eof and self.request.path != '/refuse':
            try:
                data = self.sock.recv(self.INPUT_LIMIT)
            except OSError:
                self.on_reset()
                return False
            self.input += data
            self.eof = not data
        self.sock.setblocking(False)
        return super().read_body()


run(connection=Faulty)
