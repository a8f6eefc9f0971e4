import type { Facts, StateText } from './contract.ts';

function keepalive(facts: Facts): number {
  return (
    facts.sysctl('tcp_keepalive_time') +
    facts.sysctl('tcp_keepalive_intvl') * facts.sysctl('tcp_keepalive_probes')
  );
}

export const established: StateText = {
  state: 'ESTABLISHED',
  spelled: { rfc: 'ESTABLISHED', ss: 'ESTAB', netstat: 'ESTABLISHED' },
  meaning: 'The handshake is complete, and both sides can send.',
  visible:
    'Any client that connects makes it visible. The kernel gets there without the application: a connection that waits for `accept()` is in ESTABLISHED already, and belongs to no process yet.',
  brief: () => ['as long as both sides want', 'none for an idle connection'],
  lasts: (facts) =>
    `No timer ends an idle connection. With \`SO_KEEPALIVE\`, which the application must set, the kernel asks after ${facts.sysctl('tcp_keepalive_time')} s of silence (\`tcp_keepalive_time\`) and gives up after ${facts.sysctl('tcp_keepalive_probes')} questions, ${facts.sysctl('tcp_keepalive_intvl')} s apart, without an answer: ${keepalive(facts)} s in all. Data that nobody acknowledges ends a connection too: \`tcp_retries2\` ${facts.sysctl('tcp_retries2')}, which is 924.6 s at the least for 15.`,
  mistakes: [
    'ESTABLISHED is taken for "the client is there". A client that has lost its power leaves the server in it for ever, unless the server sends something or has keepalive.',
    'No time limit for idle clients: each holds a descriptor.',
    'A middlebox forgets idle connections after minutes, and keepalive is at its default of two hours.',
  ],
  withoutWire: 'A client connects.',
  more: [
    {
      target: 'redis',
      id: 'states/established',
      text: 'Redis sets keepalive, to 300 s: its line has the timer.',
      shows: 'lines',
    },
  ],
};
