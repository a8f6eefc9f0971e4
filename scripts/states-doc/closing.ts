import { orphanSeconds, type StateText } from './contract.ts';

export const closing: StateText = {
  state: 'CLOSING',
  spelled: { rfc: 'CLOSING', ss: 'CLOSING', netstat: 'CLOSING' },
  meaning:
    "Both sides have closed at the same moment: their FINs have crossed. This side has the other's FIN, and waits for the ACK of its own. TIME_WAIT follows.",
  visible:
    "The rarest state: it takes two FINs under way at once, and lasts half a round trip. Our client sends a FIN that acknowledges everything but the server's FIN, as if it had not seen that yet.",
  brief: (facts) => [
    `${orphanSeconds(facts)} s at the least after close()`,
    '`tcp_orphan_retries`; after shutdown() `tcp_retries2`',
  ],
  lasts: (facts) =>
    `Until the ACK comes. Where it never does, the FIN goes again and is given up as in FIN_WAIT_1: after ${orphanSeconds(facts)} s at the earliest for a socket that was closed, by \`tcp_retries2\` for one that a process still holds.`,
  mistakes: [
    'It is forgotten, by those who write a TCP stack, a proxy or a firewall: they drop the second FIN, or answer it with a RST.',
    'Many of them: clients that close and are gone before their kernel has acknowledged.',
  ],
  withoutWire:
    'The server is held in FIN_WAIT_1 behind data that the client does not read; then the client calls `shutdown(SHUT_WR)`. Its FIN arrives, and cannot acknowledge one that was never sent.',
};
