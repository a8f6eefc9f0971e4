import { backoff, seconds, type Facts, type StateText } from './contract.ts';

function times(facts: Facts): readonly string[] {
  return backoff(1, facts.sysctl('tcp_synack_retries')).map(seconds);
}

export const synRcvd: StateText = {
  state: 'SYN_RCVD',
  spelled: { rfc: 'SYN-RECEIVED', ss: 'SYN-RECV', netstat: 'SYN_RECV' },
  meaning:
    'A SYN has come, the kernel has answered with a SYN-ACK, and the ACK that completes the handshake is missing: half-open. The application knows nothing of it; `accept()` returns after the handshake. Linux keeps a small request socket meanwhile, which belongs to no process.',
  visible: 'Our client never acknowledges the SYN-ACK. A kernel would, one round trip later.',
  brief: (facts) => [`${times(facts).at(-1)} s, then it is forgotten`, '`tcp_synack_retries`'],
  lasts: (facts) =>
    `The SYN-ACK goes again after ${times(facts).slice(0, -1).join(', ')} s, and after ${times(facts).at(-1)} s the kernel forgets it, without a RST: \`tcp_synack_retries\` ${facts.sysctl('tcp_synack_retries')} (64.8 s when it was measured for this page). Where a listener has many of them the older ones are given up sooner; where its queue is full the kernel answers with SYN cookies (\`tcp_syncookies\` ${facts.sysctl('tcp_syncookies')}) and keeps no socket at all.`,
  mistakes: [
    'Many of them are taken for load. They are clients whose ACK never comes: a SYN flood, or answers that are routed to nowhere.',
    'The ACK has come and the state stays: the accept queue is full (see LISTEN), or the server defers accept (`TCP_DEFER_ACCEPT`) and the client has sent nothing yet. The client is in ESTABLISHED all the while.',
    'A flood is looked for in this state alone: with SYN cookies there are none to see.',
  ],
  withoutWire:
    "A kernel client always acknowledges. A server that defers accept stays in it all the same until data comes: nginx's `listen ... deferred`. Other servers cannot be brought here without the wire.",
};
