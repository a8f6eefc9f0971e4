"""It goes on watching a half-closed client for bytes while it answers: 100 % CPU until the answer is sent."""

from sound import IN, Connection, run


class Faulty(Connection):
    def interest(self):
        return super().interest() | (IN if self.eof else 0)


run(connection=Faulty)
