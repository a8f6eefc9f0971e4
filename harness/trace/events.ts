import type { Endpoint, Family, State } from '#tcp';

/** Which end of the connection, as reports speak of it. */
export type Side = 'server' | 'client';

/** A packet that crossed the wire. Sequence numbers are the raw ones; reports make them relative. */
export interface SegmentEvent {
  readonly kind: 'segment';
  /** Microseconds from the start of the case: when it was written to the link, or read from it. */
  readonly atUs: number;
  /** The side that sent it. */
  readonly from: Side;
  /** Letters in the order SFRPUA. */
  readonly flags: string;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
  /** Payload bytes. */
  readonly length: number;
  readonly retransmission: boolean;
  /** The state of the server's socket right after it; null where that was not looked up. */
  readonly state: State | null;
  /** The whole IP packet, base64: enough to write it to pcapng. Long payloads are cut to `snapLength` bytes. */
  readonly bytes: string;
}

/** A state that a socket was seen to enter. */
export interface StateEvent {
  readonly kind: 'state';
  readonly atUs: number;
  readonly side: Side;
  readonly state: State;
  /** What made it so: `peer SYN`, `server FIN`, `deadline`; starts with `inferred:` where no lookup saw it. */
  readonly cause: string;
}

/** What an application did: bytes, end of stream, reset, error, exit, a signal it was sent. */
export interface ApplicationEvent {
  readonly kind: 'application';
  readonly atUs: number;
  readonly side: Side;
  readonly text: string;
}

/** A step of the case: what it is about to do, in words. */
export interface StepEvent {
  readonly kind: 'step';
  readonly atUs: number;
  readonly text: string;
}

/** What a witness printed, verbatim: one line of `ss` or `netstat`, or that it printed none. */
export interface WitnessEvent {
  readonly kind: 'witness';
  readonly atUs: number;
  readonly tool: string;
  readonly lines: readonly string[];
}

/**
 * Plain data and acknowledgements in the middle of a long transfer, which caused no new state: counted instead of kept.
 */
export interface FoldedEvent {
  readonly kind: 'folded';
  /** The first of them. */
  readonly atUs: number;
  /** The last of them. */
  untilUs: number;
  /** Payload bytes that were new, and segments, by the side that sent them. */
  readonly server: { segments: number; bytes: number };
  readonly client: { segments: number; bytes: number };
}

export type TraceEvent =
  SegmentEvent | FoldedEvent | StateEvent | ApplicationEvent | StepEvent | WitnessEvent;

/** The connection that a trace is about. */
export interface Connection {
  readonly family: Family;
  readonly server: Endpoint;
  readonly client: Endpoint;
}
