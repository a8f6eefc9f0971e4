"""What some of the faulty have in common: a socket that is neither used any more nor closed."""

leaked = []


def leak(connection):
    connection.release()
    connection.server.forget(connection)
    leaked.append(connection.sock)
