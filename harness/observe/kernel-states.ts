import type { State } from '#tcp';

/** The kernel's numbers of the states (include/net/tcp_states.h). 12 is the request socket of a half-open connection. */
const BY_NUMBER: ReadonlyMap<number, State> = new Map([
  [1, 'ESTABLISHED'],
  [2, 'SYN_SENT'],
  [3, 'SYN_RCVD'],
  [4, 'FIN_WAIT_1'],
  [5, 'FIN_WAIT_2'],
  [6, 'TIME_WAIT'],
  [7, 'CLOSED'],
  [8, 'CLOSE_WAIT'],
  [9, 'LAST_ACK'],
  [10, 'LISTEN'],
  [11, 'CLOSING'],
  [12, 'SYN_RCVD'],
]);

/** @returns undefined for a number that is no TCP state: 13 is a socket that is bound, and nothing else */
export function kernelState(number: number): State | undefined {
  return BY_NUMBER.get(number);
}

/** A mask for sock_diag: bit n for each state number n that means `state`; without one, all states of TCP. */
export function statesMask(state?: State): number {
  let mask = 0;
  for (const [number, known] of BY_NUMBER) {
    if (state === undefined || state === known) mask |= 1 << number;
  }
  return mask;
}
