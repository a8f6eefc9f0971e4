import type { State } from '#tcp';

/** The order of a connection's life, as the table and the evidence go through it. */
export const STATE_ORDER: readonly State[] = [
  'LISTEN',
  'SYN_SENT',
  'SYN_RCVD',
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSING',
  'CLOSE_WAIT',
  'LAST_ACK',
  'CLOSED',
];

const BY_CASE: ReadonlyMap<string, State> = new Map(
  STATE_ORDER.map((state) => [`states/${state.toLowerCase().replaceAll('_', '-')}`, state]),
);

/** The state that a case of the states suite brings the server to; undefined for every other case. */
export function stateOfCase(id: string): State | undefined {
  return BY_CASE.get(id);
}
