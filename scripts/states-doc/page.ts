import { format } from 'prettier';
import type { Facts } from './contract.ts';
import { diagram } from './diagram.ts';
import { stateTexts } from './index.ts';
import { find, type Runs } from './runs.ts';
import { section } from './section.ts';

/** docs/states.md. @param timeWait what states/time-wait-lasts measured, in its words */
export async function statesPage(runs: Runs, timeWait: string): Promise<string> {
  const { environment, targets } = runs.nginx;
  const facts: Facts = {
    sysctl: (name) => Number(environment.sysctls[`net.ipv4.${name}`] ?? 0),
    timeWait,
    finWait2: find(runs.echo, 'states/fin-wait-2-lasts').actual,
  };
  const page = `# The eleven states of TCP, seen on a real server

A TCP connection is always in one of eleven states (RFC 9293, section 3.3.2), at each of its two ends. You see the states with \`ss -tan\`
or \`netstat -tan\`. This page says of each what it means, how a server gets into it, how long it lasts on Linux, and what people get
wrong about it; with the packets and the lines of ss of a real run.

Packets, lines and numbers here are not written by hand: \`npm run docs:states\` drives servers through the states and writes this page.

Written by a run on Linux ${environment.kernel.split(' ', 1)[0]}, ${targets[0]!.name} ${targets[0]!.version}, ${environment.ss}.

## The way through

\`\`\`mermaid
${diagram(Object.values(runs))}
\`\`\`

Solid: the servers of this page's runs took this edge. Dotted: the RFC has it, and it needs something that they do not do. Two ends that
dial each other at the same moment go from SYN_SENT to SYN_RCVD; no call of the socket interface leads from LISTEN to SYN_SENT; and
where Linux gives up a half-open connection, the listener was in LISTEN all along. From every state but LISTEN a RST, or a time limit
that runs out, leads to CLOSED as well.

Who closes first goes from FIN_WAIT_1 to TIME_WAIT; who closes second goes by CLOSE_WAIT and LAST_ACK. A server can be either.

## At a glance

| state | RFC 9293 | ss | netstat | lasts on Linux | setting |
| --- | --- | --- | --- | --- | --- |
${stateTexts.map((text) => `| [${text.state}](#${text.state.toLowerCase()}) | ${text.spelled.rfc} | ${text.spelled.ss} | ${text.spelled.netstat} | ${text.brief(facts).join(' | ')} |`).join('\n')}

Times are those of this kernel's settings in \`/proc/sys/net/ipv4\`, which are its defaults. The kernel's long timers fire up to a few per
cent late.

## How to read a run

Packets and lines of a state stand together, in the order in which they came:

- First the time since the case began. \`peer ... ->\` is a segment that our side sends; \`<- ...\` one from the server. Sequence numbers count
  from the first of each side; \`again\` is a retransmission.
- \`server\` and a state: what the server's socket is in right after that segment. It is not sampled: the segment is processed inside the
  call that delivers it, and the socket is looked up when that returns. A line with \`(...)\` is a change that no segment shows, and its cause.
- \`ss:\` is the line that \`ss -tanpo\` prints for this socket at that moment, word for word: state, Recv-Q, Send-Q, the server's
  end, the client's end, the process that holds it, the timer that runs.

${stateTexts.map((text) => section(text, runs, facts)).join('\n\n')}
`;
  return format(page, { parser: 'markdown', printWidth: 120, proseWrap: 'always' });
}
