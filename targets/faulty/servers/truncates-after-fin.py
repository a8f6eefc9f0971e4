"""When the client has closed its sending side, what the kernel has not taken of an answer is dropped, and a FIN follows."""

from sound import ANSWERING, Connection, run


class Faulty(Connection):
    def on_eof(self):
        if self.phase == ANSWERING:
            self.close()
        else:
            super().on_eof()


run(connection=Faulty)
