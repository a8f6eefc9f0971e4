"""It drops its last reference and lets the garbage collector close; a cycle and a collector that is off say when: never."""

import gc

from sound import IDLE, Connection, run

gc.disable()


class Faulty(Connection):
    def on_eof(self):
        if self.phase != IDLE or self.input:
            return super().on_eof()
        self.itself = self
        self.release()
        self.server.forget(self)


run(connection=Faulty)
