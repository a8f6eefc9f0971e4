import { nowUs } from '#core';
import { pathBetween, type State } from '#tcp';
import type { Connection, FaultEvent, FoldedEvent, SegmentEvent, Side, TraceEvent } from './events.ts';
import type { PathEntry } from './result.ts';

/** Bytes of each packet that a trace keeps: all headers and the beginning of the data. */
export const SNAP_LENGTH = 256;

/** Segments that are kept whole; from then on plain data and acknowledgements are folded. */
const KEPT_SEGMENTS = 200;

/** Faults that are kept one by one; from then on those of one kind are counted. */
const KEPT_FAULTS = 200;

/** The timeline of one case as it grows: what happened, in order, in microseconds since its start. */
export class Trace {
  readonly #startUs = nowUs();
  readonly events: TraceEvent[] = [];
  #segments = 0;
  #faults = 0;
  readonly #countedFaults = new Map<string, FaultEvent>();
  readonly #paths: Record<Side, PathEntry[]> = { server: [], client: [] };
  /** The connection that the case is about, once there is one. */
  connection: Connection | null = null;

  /** Microseconds since the case started. */
  now(): number {
    return nowUs() - this.#startUs;
  }

  /** The same moment on this timeline, from the clock of nowUs. */
  at(clockUs: number): number {
    return clockUs - this.#startUs;
  }

  step(text: string): void {
    this.events.push({ kind: 'step', atUs: this.now(), text });
  }

  application(side: Side, text: string): void {
    this.events.push({ kind: 'application', atUs: this.now(), side, text });
  }

  witness(tool: string, lines: readonly string[]): void {
    this.events.push({ kind: 'witness', atUs: this.now(), tool, lines });
  }

  segment(event: Omit<SegmentEvent, 'kind'>): void {
    if (this.#segments >= KEPT_SEGMENTS && this.#isPlain(event)) return this.#fold(event);
    this.#segments += 1;
    this.events.push({ kind: 'segment', ...event });
  }

  fault(event: Omit<FaultEvent, 'kind' | 'packets'>): void {
    const kind = `${event.act} ${event.from}`;
    const counted = this.#countedFaults.get(kind);
    if (counted !== undefined) {
      counted.packets += 1;
      return;
    }
    const fault: FaultEvent = { kind: 'fault', ...event, packets: 1 };
    if (++this.#faults > KEPT_FAULTS) this.#countedFaults.set(kind, fault);
    this.events.push(fault);
  }

  /** Data or an acknowledgement, after which the server is in the state in which it was. */
  #isPlain({ flags, state }: Omit<SegmentEvent, 'kind'>): boolean {
    return /^P?A$/.test(flags) && (state === null || state === this.#paths.server.at(-1)?.state);
  }

  #fold({ atUs, from, length, retransmission }: Omit<SegmentEvent, 'kind'>): void {
    const last = this.events.at(-1);
    const none = (): { segments: number; bytes: number } => ({ segments: 0, bytes: 0 });
    const folded: FoldedEvent =
      last?.kind === 'folded'
        ? last
        : { kind: 'folded', atUs, untilUs: atUs, server: none(), client: none() };
    if (folded !== last) this.events.push(folded);
    folded.untilUs = atUs;
    folded[from].segments += 1;
    folded[from].bytes += retransmission ? 0 : length;
  }

  /**
   * A socket is in `state`, as seen at `atUs`: does nothing when it was there already. States that it must have passed on
   * the way, too short-lived to be looked up (an application may close before anyone can look), are added as inferred.
   */
  state(side: Side, state: State, cause: string, atUs = this.now()): void {
    const path = this.#paths[side];
    const last = path.at(-1)?.state;
    if (last === state) return;
    // A reset takes no way, and neither does a timer, which no segment and no call tells of.
    const tellsNoWay = cause.includes('RST') || cause === 'lookup';
    const between = last === undefined || tellsNoWay ? [] : (pathBetween(last, state) ?? []);
    for (const passed of between) this.#enter(side, passed, `inferred: ${cause}`, atUs);
    this.#enter(side, state, cause, atUs);
  }

  #enter(side: Side, state: State, cause: string, atUs: number): void {
    this.#paths[side].push({ state, atUs, cause });
    this.events.push({ kind: 'state', atUs, side, state, cause });
  }

  /** The states that a side's socket went through so far. */
  path(side: Side): readonly PathEntry[] {
    return this.#paths[side];
  }
}
