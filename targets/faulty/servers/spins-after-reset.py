"""A client that resets while it is answered is forgotten, and its socket, always ready, is still watched."""

from leak import leak
from sound import ANSWERING, WORKING, Connection, run


class Faulty(Connection):
    def on_reset(self):
        if self.phase not in (WORKING, ANSWERING):
            return super().on_reset()
        leak(self)
        self.loop.watch(self.sock.fileno(), 0, lambda _: None)


run(connection=Faulty)
