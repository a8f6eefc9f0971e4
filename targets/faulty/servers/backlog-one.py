"""It passes 1 to listen(), whatever it is said to do."""

from sound import Server, run


class Faulty(Server):
    BACKLOG = 1


run(server=Faulty)
