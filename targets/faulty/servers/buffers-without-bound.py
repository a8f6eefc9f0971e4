"""It answers each request as it comes, whether the client reads or not, and keeps all that is not sent yet in memory."""

from sound import ANSWERING, HEAD, Connection, run


class Faulty(Connection):
    def advance(self):
        super().advance()
        while self.phase == ANSWERING and b'\r\n\r\n' in self.input and not self.last:
            self.phase = HEAD
            super().advance()

    def send(self, *pieces):
        super().send(*map(bytes, pieces))


run(connection=Faulty)
