import type { State } from '#tcp';
import type { PathEntry } from './result.ts';

/** A connection whose server-side socket can be looked at: what assertions are made about. */
export interface StateSource {
  /** The state of the server's socket now, by a lookup that is noted in the timeline; CLOSED when there is no socket. */
  state(): State;
  /** The states that it was seen to go through. */
  path(): readonly PathEntry[];
  /** Resolves when something new has arrived on the connection, and after `ms` at the latest. */
  changed(ms: number): Promise<void>;
  /** `the server's socket 198.18.0.1:80 < 198.18.1.1:49152` */
  toString(): string;
}
