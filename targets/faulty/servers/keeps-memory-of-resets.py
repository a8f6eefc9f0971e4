"""It never frees the buffer of a connection that was reset."""

from sound import Connection, run

buffers = []


class Faulty(Connection):
    BUFFER = 1 << 20

    def on_reset(self):
        buffers.append(b'\xff' * self.BUFFER)
        super().on_reset()


run(connection=Faulty)
