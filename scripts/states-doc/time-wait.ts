import type { StateText } from './contract.ts';

export const timeWait: StateText = {
  state: 'TIME_WAIT',
  spelled: { rfc: 'TIME-WAIT', ss: 'TIME-WAIT', netstat: 'TIME_WAIT' },
  meaning:
    'Both sides have closed, this one first. Nothing is missing any more, but this side cannot know whether its last ACK has arrived. It remembers the connection, to be able to repeat that ACK, and to keep late segments of it out of a new connection between the same two ends.',
  visible:
    "Our client acknowledges the server's FIN and sends its own. It stays long enough for everybody to see.",
  brief: () => ['60 s', 'none: a constant of Linux'],
  lasts: (facts) =>
    `60 s, two maximum segment lifetimes of 30 s: a constant of Linux (TCP_TIMEWAIT_LEN), which no setting changes. The case states/time-wait-lasts sets \`tcp_fin_timeout\` to 1 s and measures: ${facts.timeWait}. (What is over 60 s is the grain of the kernel's long timers.) It ends sooner when a new connection from the same client end takes its place by a later SYN, when there are more than \`tcp_max_tw_buckets\` of them, or by a RST (\`tcp_rfc1337\` ${facts.sysctl('tcp_rfc1337')}).`,
  mistakes: [
    '`tcp_fin_timeout` is lowered against it. That is for FIN_WAIT_2.',
    '`tcp_tw_reuse` is set on a server. It is for outgoing connections: it lets `connect()` take over a local port that is in TIME_WAIT. (`tcp_tw_recycle`, which broke clients behind NAT, is gone since Linux 4.12.)',
    'It is taken for a leak. It holds no descriptor, no process and little memory. It hurts who dials the same address thousands of times a minute, by using up local ports: keep connections open, or let the other side close first.',
    '`SO_LINGER` with 0 is used to avoid it: that resets the connection, and the other side may lose data that it has not read yet.',
  ],
  withoutWire: 'The server closes first; the client reads to the end and closes.',
  more: [
    {
      target: 'nginx',
      id: 'states/time-wait-from-fin-ack',
      text: "A client that closes at once can send one segment that acknowledges the server's FIN and has its own. It leads from FIN_WAIT_1 straight to TIME_WAIT, an edge that the RFC's figure lacks and its text has:",
      shows: 'packets',
    },
  ],
};
