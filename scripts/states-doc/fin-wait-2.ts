import type { StateText } from './contract.ts';

export const finWait2: StateText = {
  state: 'FIN_WAIT_2',
  spelled: { rfc: 'FIN-WAIT-2', ss: 'FIN-WAIT-2', netstat: 'FIN_WAIT2' },
  meaning:
    'This side has closed first, and the other one knows: its FIN is acknowledged. The other direction is still open, and the other side may go on sending: half-closed.',
  visible:
    'Our client acknowledges the FIN and keeps its own side open. In the line of a socket that was closed, `timer:(timewait,...)` shows that Linux has already put a small time-wait socket in its place, which still waits for the FIN.',
  brief: (facts) => [
    `after close() ${facts.sysctl('tcp_fin_timeout')} s, after shutdown() for ever`,
    '`tcp_fin_timeout`',
  ],
  lasts: (facts) =>
    `It depends on how the server closed. After \`shutdown(SHUT_WR)\` the application holds the socket to read on, and no timer ends the state. After \`close()\` nobody can read what comes: the kernel waits ${facts.sysctl('tcp_fin_timeout')} s (\`tcp_fin_timeout\`), and answers data with a RST. The case states/fin-wait-2-lasts sets that to 1 s and measures, of a server that first shuts down and is then ended: ${facts.finWait2}.`,
  mistakes: [
    'The server calls `shutdown()` and waits for the end of the stream without a time limit: a client that never closes costs it a descriptor for ever.',
    '`tcp_fin_timeout` is lowered to be rid of TIME_WAIT, which it does not touch.',
    'Many of them at a server are CLOSE_WAIT at its clients: the mistake is over there.',
  ],
  withoutWire: 'The server closes first, and the client neither closes nor sends.',
  more: [
    {
      target: 'echo',
      id: 'states/fin-wait-2-lasts',
      text: 'The echo server has only shut down its sending side here: the socket still belongs to its process, and no timer runs.',
      shows: 'lines',
    },
  ],
};
