"""It sends on after ECONNRESET, and has not said that it ignores SIGPIPE."""

import signal

from sound import ANSWERING, WORKING, Connection, Server, run


class FaultyConnection(Connection):
    def on_reset(self):
        if self.phase in (WORKING, ANSWERING):
            self.sock.send(b'x')
        super().on_reset()


class FaultyServer(Server):
    def on_sigterm(self):
        super().on_sigterm()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


run(connection=FaultyConnection, server=FaultyServer)
