"""A client that resets is never taken off the count of connections; when that has reached the limit, nobody gets in."""

from sound import Connection, Server, run

gone = []


class FaultyConnection(Connection):
    def on_reset(self):
        super().on_reset()
        gone.append(None)


class FaultyServer(Server):
    MOST = 300

    def on_accepted(self, sock):
        if len(self.connections) + len(gone) >= self.MOST:
            sock.close()
        else:
            super().on_accepted(sock)


run(connection=FaultyConnection, server=FaultyServer)
