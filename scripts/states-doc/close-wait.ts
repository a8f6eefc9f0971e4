import type { StateText } from './contract.ts';

export const closeWait: StateText = {
  state: 'CLOSE_WAIT',
  spelled: { rfc: 'CLOSE-WAIT', ss: 'CLOSE-WAIT', netstat: 'CLOSE_WAIT' },
  meaning:
    'The other side has closed: its FIN has come, and the kernel has acknowledged it by itself. `read()` returns 0, the end of the stream. This side may go on sending; what is missing is its own `close()`. (Recv-Q 1 in its line is the FIN: it counts as one byte until the application has read that far.)',
  visible:
    "A server that closes when its client does is in it for microseconds. Here its processes are stopped (SIGSTOP) before the FIN comes, so that the kernel's part is seen without the application's. (Where its line names no process, it was stopped before it had called `accept()`.)",
  brief: () => ['for ever', 'none: only the application ends it'],
  lasts: () =>
    'For ever. No timer and no setting ends it, by design: a client may close its sending side and wait for a long answer. `close()` leads on to LAST_ACK; the end of the process does as well, and so would a RST. Keepalive, where the application has set it, ends it once the other side is gone.',
  mistakes: [
    'The leak that this tool is named after: the application does not notice the end of the stream, or notices it and forgets to close. Each holds a descriptor, until `accept()` fails with EMFILE. Sockets in CLOSE_WAIT that grow in number are always a bug of the application that owns them; ss names it.',
    'Who never reads never learns: a handler that waits for something else (a queue, another server) while its client has gone.',
    'Half-open connections are allowed and never ended: in Node, `allowHalfOpen: true` and no `end()`.',
    'A kernel setting is looked for. There is none.',
  ],
  withoutWire: 'The server is stopped (SIGSTOP), and the client calls `shutdown(SHUT_WR)`.',
};
