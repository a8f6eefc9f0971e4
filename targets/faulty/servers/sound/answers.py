"""What each path does."""

BLOCK = memoryview(b'x' * 65536)


def hello(connection, _):
    connection.answer(200, b'hello\n')


def large(connection, request):
    whole, rest = divmod(int(request.query['bytes']), len(BLOCK))
    connection.answer(200, *[BLOCK] * whole, BLOCK[:rest])


def slow(connection, request):
    connection.answer_later(int(request.query['ms']), b'slow\n')


def upload(connection, request):
    connection.answer(200, b'%d\n' % request.length)


def run(connection, _):
    connection.server.runs += 1
    runs(connection, _)


def runs(connection, _):
    connection.answer(200, b'%d\n' % connection.server.runs)


ANSWERS = {'/': hello, '/large': large, '/slow': slow, '/upload': upload, '/run': run, '/runs': runs}


def answer_to(connection, request):
    if request.method == 'CONNECT':
        connection.server.tunnel_class(connection, request.target)
    elif request.path in ANSWERS:
        ANSWERS[request.path](connection, request)
    else:
        connection.answer(404, b'not found\n')
