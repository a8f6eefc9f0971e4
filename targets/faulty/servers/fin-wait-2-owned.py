"""It closes its side and waits for the client to close too, without end."""

from sound import LINGERING, Connection, run


class Faulty(Connection):
    def finish(self):
        super().finish()
        if self.phase == LINGERING:
            self.arm(None, None)


run(connection=Faulty)
