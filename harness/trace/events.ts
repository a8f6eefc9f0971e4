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

/** What a rule of the wire does to a packet. */
export const FAULT_ACTS = [
  'drop',
  'hold',
  'delay',
  'rate',
  'duplicate',
  'reorder',
  'corrupt',
  'rewrite',
] as const;
export type FaultAct = (typeof FAULT_ACTS)[number];

/** What a rule of the wire did to a packet. What it let through, then or later, is a segment of its own. */
export interface FaultEvent {
  readonly kind: 'fault';
  /** When the packet came to the rule. */
  readonly atUs: number;
  readonly act: FaultAct;
  /** The side that sent the packet. */
  readonly from: Side;
  /** As in a segment. */
  readonly flags: string;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
  readonly length: number;
  readonly retransmission: boolean;
  /** What the act alone does not tell: `by 20.0 ms`; else empty. */
  readonly detail: string;
  /** Packets to which it did this: more than one where there are too many to tell of each, and this was the first. */
  packets: number;
}

export type TraceEvent =
  SegmentEvent | FoldedEvent | FaultEvent | StateEvent | ApplicationEvent | StepEvent | WitnessEvent;

/** The connection that a trace is about. */
export interface Connection {
  readonly family: Family;
  readonly server: Endpoint;
  readonly client: Endpoint;
}
