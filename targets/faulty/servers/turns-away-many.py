"""It accepts whoever comes after the hundredth, and hangs up at once."""

from sound import Server, run


class Faulty(Server):
    MOST = 100

    def on_accepted(self, sock):
        if len(self.connections) >= self.MOST:
            sock.close()
        else:
            super().on_accepted(sock)


run(server=Faulty)
