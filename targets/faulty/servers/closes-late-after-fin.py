"""It closes an idle connection seconds after the client has."""

from sound import IDLE, Connection, run


class Faulty(Connection):
    LATE_MS = 3000

    def on_eof(self):
        if self.phase == IDLE and not self.input:
            self.arm(self.LATE_MS, self.close)
        else:
            super().on_eof()


run(connection=Faulty)
