import { heldText, orphanSeconds, orphanText, type StateText } from './contract.ts';

export const finWait1: StateText = {
  state: 'FIN_WAIT_1',
  spelled: { rfc: 'FIN-WAIT-1', ss: 'FIN-WAIT-1', netstat: 'FIN_WAIT1' },
  meaning:
    'This side has closed first, by `close()` or `shutdown(SHUT_WR)`: its FIN is out, and not acknowledged. (Send-Q 1 in its line is that FIN: it counts as one byte.)',
  visible:
    'The server is asked something after which it closes by itself (an HTTP/1.0 request, QUIT), and our client does not acknowledge its FIN. A kernel does, one round trip later.',
  brief: (facts) => [
    `${orphanSeconds(facts)} s at the least after close()`,
    '`tcp_orphan_retries`; after shutdown() `tcp_retries2`',
  ],
  lasts: (facts) => `${orphanText(facts)} ${heldText(facts)}`,
  mistakes: [
    'To close while there is data that nobody has read. That sends a RST in place of the FIN, and the client may lose the end of the answer.',
    "To end the server's process is thought to end its connections. Its kernel closes them like `close()`: they go through this state without it.",
    'Many of them: clients that are gone without a word, or that do not read, so that the FIN waits behind data that cannot be sent. Each holds memory of the kernel, up to `tcp_max_orphans`.',
  ],
  withoutWire:
    'The client offers a small window and does not read: the server answers with more than that, closes, and its FIN waits behind the data.',
};
