import type { State } from './states.ts';

/** What makes an edge: a user call, what is received or sent, a timer that runs out. */
export type Cause =
  | 'passive OPEN'
  | 'active OPEN'
  | 'SEND'
  | 'CLOSE'
  | 'ABORT'
  | 'rcv SYN'
  | 'rcv SYN,ACK'
  | 'rcv ACK of SYN'
  | 'rcv FIN'
  | 'rcv ACK of FIN'
  | 'rcv FIN,ACK of FIN'
  | 'rcv RST'
  | 'snd RST'
  | 'timeout 2MSL'
  | 'timeout user';

/** One change of state that RFC 9293 knows. */
export interface Edge {
  readonly from: State;
  readonly to: State;
  readonly by: Cause;
  /** Flags of what is sent on the way, as `formatFlags` writes them; empty: nothing. A SYN alone is `S`, a FIN is `FA`. */
  readonly emits: string;
  /** `figure`: figure 5 shows it; `text`: its notes or the text tell it; `failure`: the text, of a connection that breaks. */
  readonly source: 'figure' | 'text' | 'failure';
  /** Of RFC 9293. */
  readonly section: string;
}

function edge(
  from: State,
  to: State,
  by: Cause,
  emits: string,
  source: Edge['source'],
  section: string,
): Edge {
  return { from, to, by, emits, source, section };
}

function drawn(from: State, to: State, by: Cause, emits = ''): Edge {
  return edge(from, to, by, emits, 'figure', '3.3.2');
}

const SYNCHRONIZED = [
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
] as const satisfies readonly State[];
const OPENED = ['SYN_RCVD', ...SYNCHRONIZED] as const;
const LIVE = ['LISTEN', 'SYN_SENT', ...OPENED] as const;

/** States whose ABORT sends a reset (§3.10.5). */
const ABORTS_ALOUD = new Set<State>(['SYN_RCVD', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT']);

/** Every change of state that RFC 9293 allows: figure 5, then what its notes and the text add. */
export const EDGES: readonly Edge[] = [
  drawn('CLOSED', 'LISTEN', 'passive OPEN'),
  drawn('CLOSED', 'SYN_SENT', 'active OPEN', 'S'),
  drawn('LISTEN', 'CLOSED', 'CLOSE'),
  drawn('LISTEN', 'SYN_RCVD', 'rcv SYN', 'SA'),
  drawn('LISTEN', 'SYN_SENT', 'SEND', 'S'),
  drawn('SYN_SENT', 'CLOSED', 'CLOSE'),
  drawn('SYN_SENT', 'SYN_RCVD', 'rcv SYN', 'SA'),
  drawn('SYN_SENT', 'ESTABLISHED', 'rcv SYN,ACK', 'A'),
  drawn('SYN_RCVD', 'LISTEN', 'rcv RST'),
  drawn('SYN_RCVD', 'ESTABLISHED', 'rcv ACK of SYN'),
  drawn('SYN_RCVD', 'FIN_WAIT_1', 'CLOSE', 'FA'),
  drawn('ESTABLISHED', 'FIN_WAIT_1', 'CLOSE', 'FA'),
  drawn('ESTABLISHED', 'CLOSE_WAIT', 'rcv FIN', 'A'),
  drawn('FIN_WAIT_1', 'FIN_WAIT_2', 'rcv ACK of FIN'),
  drawn('FIN_WAIT_1', 'CLOSING', 'rcv FIN', 'A'),
  drawn('FIN_WAIT_2', 'TIME_WAIT', 'rcv FIN', 'A'),
  drawn('CLOSE_WAIT', 'LAST_ACK', 'CLOSE', 'FA'),
  drawn('CLOSING', 'TIME_WAIT', 'rcv ACK of FIN'),
  drawn('LAST_ACK', 'CLOSED', 'rcv ACK of FIN'),
  drawn('TIME_WAIT', 'CLOSED', 'timeout 2MSL'),

  edge('FIN_WAIT_1', 'TIME_WAIT', 'rcv FIN,ACK of FIN', 'A', 'text', '3.3.2'),
  edge('LISTEN', 'SYN_SENT', 'active OPEN', 'S', 'text', '3.10.1'),
  edge('TIME_WAIT', 'SYN_RCVD', 'rcv SYN', 'SA', 'text', '3.6.1'),

  edge('SYN_RCVD', 'LISTEN', 'rcv SYN', '', 'failure', '3.10.7.4'),
  edge('SYN_RCVD', 'TIME_WAIT', 'rcv RST', '', 'failure', '3.6.1'),
  edge('SYN_RCVD', 'TIME_WAIT', 'rcv SYN', '', 'failure', '3.6.1'),
  edge('SYN_SENT', 'CLOSED', 'rcv RST', '', 'failure', '3.10.7.3'),
  ...OPENED.map((from) => edge(from, 'CLOSED', 'rcv RST', '', 'failure', '3.10.7.4')),
  ...OPENED.map((from) => edge(from, 'CLOSED', 'snd RST', 'R', 'failure', '3.10.7.4')),
  ...OPENED.filter((from) => from !== 'TIME_WAIT').map((from) =>
    edge(from, 'TIME_WAIT', 'snd RST', 'R', 'failure', '3.3.2'),
  ),
  ...LIVE.map((from) =>
    edge(from, 'CLOSED', 'ABORT', ABORTS_ALOUD.has(from) ? 'R' : '', 'failure', '3.10.5'),
  ),
  ...LIVE.map((from) => edge(from, 'CLOSED', 'timeout user', '', 'failure', '3.10.8')),
];
