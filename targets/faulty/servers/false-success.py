"""A half-closed client's answer is filled up with what is at hand: its length is right, the bytes are not."""

from sound import ANSWERING, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase == ANSWERING:
            left = sum(map(len, self.output))
            self.output.clear()
            self.output.append(memoryview(bytes(left)))
        else:
            super().on_eof()


run(connection=Faulty)
