import type { StateText } from './contract.ts';

export const listen: StateText = {
  state: 'LISTEN',
  spelled: { rfc: 'LISTEN', ss: 'LISTEN', netstat: 'LISTEN' },
  meaning:
    'A server has called `listen()` and waits for connections. This socket is in no connection, and never will be: each client gets a socket of its own, on the same local port, and `accept()` hands that one out.',
  visible:
    'Nothing has to be done: it is there as long as the server runs. In its line the two queues mean something else than in other states: Recv-Q counts connections that are complete and wait for `accept()`, Send-Q is the length of that queue (what `listen()` was given, at most `net.core.somaxconn`).',
  brief: () => ['until the server closes it', 'none'],
  lasts: () =>
    'No timer ends it. It goes when the server closes it or ends. Connections that were accepted live on; those that were not are reset.',
  mistakes: [
    'It listens on the wrong address: `127.0.0.1` where clients come from elsewhere, or `::` alone with `IPV6_V6ONLY`.',
    'The server cannot start again: `bind()` fails with EADDRINUSE while connections of its predecessor are in TIME_WAIT. Set `SO_REUSEADDR` before `bind()`.',
    'The accept queue is full (Recv-Q above Send-Q) since the server is too slow to `accept()`. Linux then ignores SYNs and the last ACK of handshakes, instead of refusing (`tcp_abort_on_overflow` 0): clients see a server that hangs.',
  ],
  withoutWire: 'The same.',
};
