import type { FaultAct, FaultEvent, SegmentEvent, TraceEvent } from '#trace';
import type { State } from '#tcp';
import { pad, widthOf } from './columns.ts';
import { printableValue } from './printable.ts';
import { relativeNumbers } from './relative.ts';

const FLAG_NAMES: Readonly<Record<string, string>> = {
  S: 'SYN',
  F: 'FIN',
  R: 'RST',
  P: 'PSH',
  U: 'URG',
  A: 'ACK',
  E: 'ECE',
  C: 'CWR',
};

/** What was done to a packet, as it is said of it. */
const DONE: Readonly<Record<FaultAct, string>> = {
  drop: 'dropped',
  hold: 'held',
  delay: 'delayed',
  rate: 'slowed',
  duplicate: 'duplicated',
  reorder: 'reordered',
  corrupt: 'corrupted',
  rewrite: 'rewritten',
};

export interface TimelineOptions {
  /** The state in which the server stayed: its entry is pointed at. */
  readonly stays?: State | undefined;
}

/**
 * The trace of one case as lines of text: time, segments with arrows between the peer and the server and the state
 * each caused, what the applications did, what witnesses printed. Sequence numbers are relative to the first of
 * each side.
 */
export function renderTimeline(events: readonly TraceEvent[], options: TimelineOptions = {}): string[] {
  const trace = printableValue(events);
  const relative = relativeNumbers();
  const texts = trace.map((event) =>
    event.kind === 'segment' || event.kind === 'fault' ? segmentText(event, relative(event)) : '',
  );
  // A client with a kernel has states of its own; a peer has none.
  const other = trace.some((event) => event.kind === 'state' && event.side === 'client') ? 'client' : 'peer';
  const width = Math.max(3, ...texts.map(widthOf));
  let serverState: State | null = null;
  const lines: string[] = [];
  let staysAt = -1;
  const told = new Set<number>();
  trace.forEach((event, at) => {
    if (told.has(at)) return;
    const time = `${(event.atUs / 1_000).toFixed(3).padStart(10)} ms  `;
    const isServerState = event.kind === 'state' && event.side === 'server';
    const enters = event.kind === 'segment' || isServerState ? event.state : null;
    // The segment that caused a state shows it; the event of that state would say it twice.
    if (isServerState && enters === serverState) return;
    let shown: string = enters ?? '';
    if (enters !== null && enters !== serverState) {
      const passed = event.kind === 'segment' ? passedBefore(enters, trace, at + 1) : [];
      passed.forEach((_, offset) => told.add(at + 1 + offset));
      shown = [...passed, enters].join(' → ');
      serverState = enters;
      staysAt = lines.length;
    }
    lines.push(
      ...eventLines(event, texts[at]!, width, shown, other).map(
        (line, row) => (row === 0 ? time : ' '.repeat(time.length)) + line,
      ),
    );
  });
  if (options.stays !== undefined && serverState === options.stays && staysAt >= 0) {
    lines[staysAt] += '     <- here it stays';
  }
  return lines;
}

/** States that the server was in between a segment and the lookup after it, too short to be seen: their events follow it. */
function passedBefore(state: State, trace: readonly TraceEvent[], from: number): State[] {
  const passed: State[] = [];
  for (const event of trace.slice(from)) {
    if (event.kind !== 'state' || event.side !== 'server') return [];
    if (event.state === state) return passed;
    passed.push(event.state);
  }
  return [];
}

/** @param state what a segment led to @param other what the server's other end is */
function eventLines(
  event: TraceEvent,
  segment: string,
  width: number,
  state: string,
  other: string,
): string[] {
  switch (event.kind) {
    case 'segment': {
      const text = pad(segment, width);
      const arrow = event.from === 'client' ? `${other.padEnd(7)}${text}  ->` : `       <-  ${text}`;
      return [`${arrow}  server  ${state}`.trimEnd()];
    }
    case 'fault': {
      const { act, detail, packets } = event;
      const text = pad(segment, width);
      const where =
        event.from === 'client' ? `${other.padEnd(7)}${text}  x         ` : `       x   ${text}  server`;
      const more = packets === 1 ? '' : ` (and ${packets - 1} more from here on)`;
      return [`${where}  ${DONE[act]} ${detail}`.trimEnd() + more];
    }
    case 'folded': {
      const { server, client, atUs, untilUs } = event;
      const part = ({ segments, bytes }: typeof server): string => `${segments} segments with ${bytes} bytes`;
      const lasting = ((untilUs - atUs) / 1000).toFixed(3);
      return [`... for ${lasting} ms the server sent ${part(server)}, the ${other} ${part(client)}`];
    }
    case 'state':
      return [`${event.side}  ${event.state}  (${event.cause})`];
    case 'application':
      return [`${event.side} application: ${event.text}`];
    case 'step':
      return [`step: ${event.text}`];
    case 'witness':
      return event.lines.length === 0
        ? [`${event.tool}: no line`]
        : event.lines.map((line) => `${event.tool}: ${line.trimEnd()}`);
  }
}

function segmentText(
  event: SegmentEvent | FaultEvent,
  { seq, ack }: { seq: number; ack: number | null },
): string {
  const flags = [...event.flags].map((letter) => FLAG_NAMES[letter] ?? letter).join(',');
  return [
    flags === '' ? 'no flags' : flags,
    `seq ${seq}`,
    ...(ack === null ? [] : [`ack ${ack}`]),
    ...(event.length === 0 ? [] : [`len ${event.length}`]),
    `win ${event.window}`,
    ...(event.retransmission ? ['again'] : []),
  ].join(' ');
}
