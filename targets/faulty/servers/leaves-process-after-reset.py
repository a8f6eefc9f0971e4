"""For each client that resets while it is answered, a process stays."""

import os

from sound import ANSWERING, WORKING, Connection, run


class Faulty(Connection):
    def on_reset(self):
        if self.phase in (WORKING, ANSWERING):
            os.posix_spawnp('sleep', ['sleep', '600'], os.environ)
        super().on_reset()


run(connection=Faulty)
