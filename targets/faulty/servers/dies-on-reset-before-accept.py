"""It asks for the client's address: of one that was reset before accept() there is none, and nobody handles that."""

from sound import Server, run


class Faulty(Server):
    def on_accepted(self, sock):
        sock.getpeername()
        super().on_accepted(sock)


run(server=Faulty)
