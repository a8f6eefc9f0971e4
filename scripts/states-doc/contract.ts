import type { State } from '#tcp';

/** What docs/states.md says of a state; packets, lines and numbers come from runs. */
export interface StateText {
  readonly state: State;
  /** How others write it. ss's and netstat's on Linux. */
  readonly spelled: { readonly rfc: string; readonly ss: string; readonly netstat: string };
  /** In plain words, for a reader who knows sockets and not the RFC. */
  readonly meaning: string;
  /** What makes it last long enough to be seen. */
  readonly visible: string;
  /** For the table: how long, and the setting that rules it. */
  readonly brief: (facts: Facts) => readonly [lasts: string, ruledBy: string];
  readonly lasts: (facts: Facts) => string;
  readonly mistakes: readonly string[];
  /** How it is reached with kernel sockets alone. */
  readonly withoutWire: string;
  /** What else a run shows: a case of a target, and what to see in it. */
  readonly more?: readonly More[];
}

export interface More {
  readonly target: 'nginx' | 'redis' | 'echo';
  readonly id: string;
  readonly text: string;
  readonly shows: 'packets' | 'lines';
}

/** Numbers of the kernel that the runs were made on. */
export interface Facts {
  /** `tcp_fin_timeout`; 0 where this kernel has none of that name. */
  sysctl(name: string): number;
  /** What states/time-wait-lasts measured, in its words. */
  readonly timeWait: string;
  /** What states/fin-wait-2-lasts measured on echo, in its words. */
  readonly finWait2: string;
}

/** Seconds as text, without a fraction that says nothing. */
export function seconds(value: number): string {
  return String(Number(value.toFixed(1)));
}

/**
 * When a segment is sent again, and at the end when it is given up, seconds from the first.
 * @param first the first interval; each later one is twice as long
 * @param retries how often it is sent again
 * @param linear how many intervals stay as long as the first before they double
 */
export function backoff(first: number, retries: number, linear = 0): readonly number[] {
  const times: number[] = [];
  let at = 0;
  for (let n = 0; n <= retries + linear; n++) times.push((at += first * 2 ** Math.max(0, n - linear)));
  return times;
}

/** What tcp_orphan_retries means: 0, the default, stands for 8 as long as the socket has sent something lately. */
function orphanRetries(facts: Facts): number {
  return facts.sysctl('tcp_orphan_retries') || 8;
}

/** TCP_RTO_MIN: no retransmission timer is shorter on Linux, seconds. */
const RTO_MIN = 0.2;

/** When the FIN of an orphan is given up at the earliest, seconds. */
export function orphanSeconds(facts: Facts): string {
  return seconds(backoff(RTO_MIN, orphanRetries(facts)).at(-1)!);
}

/** How long a FIN is sent again for a process that has closed or died; the times are those of the shortest timer. */
export function orphanText(facts: Facts): string {
  const times = backoff(RTO_MIN, orphanRetries(facts)).map(seconds);
  return `After \`close()\` no process holds the socket (ss shows no \`users:\`), and the kernel is brief with such an orphan: \`tcp_orphan_retries\` ${facts.sysctl('tcp_orphan_retries')}, where 0 stands for 8. The FIN goes again after ${times.slice(0, -1).join(', ')} s at the earliest, for each timer is twice the one before and the first is the round trip's estimate, 200 ms at least; after ${times.at(-1)} s at the earliest the socket is dropped (107.8 s when it was measured for this page).`;
}

/** How long the same takes while a process holds the socket. */
export function heldText(facts: Facts): string {
  return `After \`shutdown(SHUT_WR)\` a process still holds it, and the rule is that of a live connection: \`tcp_retries2\` ${facts.sysctl('tcp_retries2')}, which is 924.6 s at the least for 15.`;
}
