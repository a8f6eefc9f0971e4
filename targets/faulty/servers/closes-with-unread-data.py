"""It answers before the body has come and closes at once: a reset overtakes the answer."""

from sound import Connection, run


class Faulty(Connection):
    def finish(self):
        if self.body_left > 0:
            self.close()
        else:
            super().finish()


run(connection=Faulty)
