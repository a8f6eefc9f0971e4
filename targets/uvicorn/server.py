"""An ASGI application on uvicorn, started as its documentation shows it. Arguments: PORT ADDRESS..."""

import asyncio
import sys
from urllib.parse import parse_qs
from urllib.request import urlopen

import uvicorn

runs = 0


async def app(scope, receive, send):
    global runs
    path = scope['path']
    query = {name: values[0] for name, values in parse_qs(scope['query_string'].decode()).items()}
    if path == '/':
        await answer(send, b'hello\n')
    elif path == '/large':
        await answer(send, b'x' * int(query['bytes']))
    elif path == '/slow':
        await asyncio.sleep(int(query['ms']) / 1000)
        await answer(send, b'slow\n')
    elif path == '/upload':
        length = await read(receive)
        if length is not None:
            await answer(send, b'%d\n' % length)
    elif path == '/refuse':
        await answer(send, b'refused\n', 413)
    elif path == '/run':
        if await read(receive) is not None:
            runs += 1
            await answer(send, b'run\n')
    elif path == '/runs':
        await answer(send, b'%d\n' % runs)
    elif path == '/dial':
        await answer(send, *await asyncio.to_thread(fetch, f'http://{query["to"]}/'))
    else:
        await answer(send, b'not found\n', 404)


async def read(receive):
    """The length of the body; None when the client has left before its end."""
    length, more = 0, True
    while more:
        message = await receive()
        if message['type'] == 'http.disconnect':
            return None
        length += len(message['body'])
        more = message['more_body']
    return length


def fetch(url):
    try:
        with urlopen(url, timeout=2) as response:
            return response.read(), 200
    except OSError as error:
        return f'{error}\n'.encode(), 502


async def answer(send, body, status=200):
    headers = [(b'content-type', b'text/plain'), (b'content-length', b'%d' % len(body))]
    await send({'type': 'http.response.start', 'status': status, 'headers': headers})
    await send({'type': 'http.response.body', 'body': body})


SETTINGS = {'http': 'h11', 'loop': 'asyncio', 'lifespan': 'off', 'backlog': 16, 'timeout_keep_alive': 2}

port, addresses = int(sys.argv[1]), sys.argv[2:]
configs = [uvicorn.Config(app, host=address, port=port, **SETTINGS) for address in addresses]
uvicorn.Server(configs[0]).run(sockets=[config.bind_socket() for config in configs])
