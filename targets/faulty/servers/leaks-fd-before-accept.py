"""A client that was reset before accept() has no name to log: the error is caught, the socket kept."""

from sound import Server, run

unnamed = []


class Faulty(Server):
    def on_accepted(self, sock):
        try:
            sock.getpeername()
        except OSError:
            unnamed.append(sock)
        else:
            super().on_accepted(sock)


run(server=Faulty)
