import { backoff, seconds, type Facts, type StateText } from './contract.ts';

function times(facts: Facts): readonly string[] {
  return backoff(1, facts.sysctl('tcp_syn_retries'), facts.sysctl('tcp_syn_linear_timeouts')).map(seconds);
}

export const synSent: StateText = {
  state: 'SYN_SENT',
  spelled: { rfc: 'SYN-SENT', ss: 'SYN-SENT', netstat: 'SYN_SENT' },
  meaning:
    'This side has called `connect()`: its SYN is out, and no answer has come yet. A server is in it when it dials out itself: a proxy to its upstream, a replica to its primary.',
  visible:
    'Where somebody answers it lasts one round trip. Here the server is made to dial an address where nobody answers. `timer:(on,...,0)` in its line is the retransmission timer: when the SYN goes again, and how often it has gone again so far.',
  brief: (facts) => [
    `${times(facts).at(-1)} s, then ETIMEDOUT`,
    '`tcp_syn_retries`, `tcp_syn_linear_timeouts`',
  ],
  lasts: (facts) =>
    `The SYN goes again after ${times(facts).slice(0, -1).join(', ')} s, and \`connect()\` fails with ETIMEDOUT after ${times(facts).at(-1)} s: \`tcp_syn_retries\` ${facts.sysctl('tcp_syn_retries')}, with \`tcp_syn_linear_timeouts\` ${facts.sysctl('tcp_syn_linear_timeouts')} intervals of a second more before they double (Linux 6.5 and later). Long timers of the kernel fire a few per cent late: 134.4 s when it was measured for this page. A RST (ECONNREFUSED) or an ICMP error ends it at once.`,
  mistakes: [
    'A `connect()` without a time limit of its own: the caller waits for two minutes.',
    'Many in SYN_SENT to one address: what is there drops packets (a firewall) or is gone. A machine that is up without that server refuses at once.',
    'Retries that do not wait for the earlier attempt: each holds a local port and a descriptor until its time is over.',
  ],
  withoutWire: 'The server is made to dial a listener whose accept queue is full: Linux ignores its SYN.',
};
