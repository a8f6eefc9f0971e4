import { orphanSeconds, type StateText } from './contract.ts';

export const lastAck: StateText = {
  state: 'LAST_ACK',
  spelled: { rfc: 'LAST-ACK', ss: 'LAST-ACK', netstat: 'LAST_ACK' },
  meaning:
    'The other side closed first, and now this one has closed too: its FIN is out. The ACK of it is the last thing that this connection needs. No TIME_WAIT follows: that is for the side that closed first.',
  visible:
    "Our client sends a FIN on an idle connection; the server's application closes in turn, and our client does not acknowledge that second FIN.",
  brief: (facts) => [
    `${orphanSeconds(facts)} s at the least after close()`,
    '`tcp_orphan_retries`; after shutdown() `tcp_retries2`',
  ],
  lasts: (facts) =>
    `Until the ACK comes. Where it never does, the FIN goes again and is given up as in FIN_WAIT_1: after ${orphanSeconds(facts)} s at the earliest for a socket that was closed, by \`tcp_retries2\` for one that a process still holds.`,
  mistakes: [
    'Many of them: clients that close and are gone at once, or a firewall that forgets a connection at the first FIN and drops what comes after.',
    'They are looked for in the application. It has closed: the state is the kernel waiting alone.',
  ],
  withoutWire:
    'The client half-closes while the server is stopped, having asked for more than its window takes; once the server goes on it answers, closes, and its FIN waits behind the data.',
};
