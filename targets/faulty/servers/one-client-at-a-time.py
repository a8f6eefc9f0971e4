"""It serves a client until that leaves; the others wait in the queue."""

from sound import Connection, Server, run


class FaultyConnection(Connection):
    # It has no time but for the client's bytes.
    IDLE_MS = HEAD_MS = BODY_MS = None

    def on_write_look(self):
        pass


class FaultyServer(Server):
    def on_acceptable(self, listener):
        if self.draining:
            return super().on_acceptable(listener)
        sock, _ = listener.accept()
        for waiting in self.listeners:
            self.loop.unwatch(waiting.fileno())
        self.on_accepted(sock)

    def forget(self, connection):
        super().forget(connection)
        if not self.draining and not self.connections:
            for listener in self.listeners:
                self.accept_again(listener)


run(connection=FaultyConnection, server=FaultyServer)
