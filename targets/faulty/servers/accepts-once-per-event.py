"""Told once of new connections (edge-triggered), it accepts one: the others wait until somebody else comes."""

import select

from sound import Server, run


class Faulty(Server):
    def accept_again(self, listener):
        self.loop.watch(listener.fileno(), select.EPOLLIN | select.EPOLLET, lambda _: self.accept_one(listener))

    def accept_one(self, listener):
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        self.on_accepted(sock)


run(server=Faulty)
