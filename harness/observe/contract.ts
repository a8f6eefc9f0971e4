import type { Namespace } from '#sys';
import type { Endpoint, Family, State } from '#tcp';

/** One TCP socket as a source reports it. Fields that a source cannot know are left out. */
export interface SocketRow {
  /** 6 for an AF_INET6 socket, unless its addresses are IPv4-mapped: those are given as IPv4, family 4. */
  readonly family: Family;
  readonly state: State;
  readonly local: Endpoint;
  /** For a listener `{address: '0.0.0.0' or '::', port: 0}`. */
  readonly remote: Endpoint;
  /** Bytes received and not yet read; for a listener, connections waiting to be accepted. */
  readonly recvQueue?: number;
  /** Bytes sent and not yet acknowledged; for a listener, its backlog. */
  readonly sendQueue?: number;
  /** 0: no process owns it (half-open, unaccepted, orphan, TIME_WAIT). */
  readonly inode?: number;
  readonly pids?: readonly number[];
  /** The timer that runs on it, in the source's own words: `timewait,59sec,0`. */
  readonly timer?: string;
  /** The line as printed, when the source is text. */
  readonly line?: string;
}

/** Which rows to list; a field left out does not restrict. */
export interface SocketFilter {
  readonly family?: Family;
  readonly state?: State;
  readonly local?: Partial<Endpoint>;
  readonly remote?: Partial<Endpoint>;
}

/** Whether an observer works here and, where not, why and what mends it. */
export type Availability =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

/** A source of socket states. One file an observer; all are tested to agree. */
export interface Observer {
  readonly name: string;
  /** Tried once, then remembered. */
  available(): Availability;
  /** All matching TCP sockets of a namespace, in no order. @throws CW_OBSERVER when the source fails or prints what cannot be read */
  list(namespace: Namespace, filter?: SocketFilter): Promise<SocketRow[]>;
}
