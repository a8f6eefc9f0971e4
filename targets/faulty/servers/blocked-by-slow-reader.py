"""It waits in send() until the client has read, and serves nobody meanwhile."""

from sound import Connection, run


class Faulty(Connection):
    def flush(self):
        self.sock.setblocking(True)
        super().flush()
        if not self.released:
            self.sock.setblocking(False)


run(connection=Faulty)
