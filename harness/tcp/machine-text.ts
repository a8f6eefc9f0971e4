import { FIN, SYN } from './flags.ts';
import { has } from './machine-segments.ts';
import type { ReceiveSpace } from './machine-tcb.ts';
import type { Segment } from './segment.ts';
import { type Seq, seqAdd, seqDiff, seqInWindow } from './seq.ts';

/**
 * The part of a segment's text and FIN that lies in the window (§3.10.7.4: "trimming off any portions that lie outside the
 * window (including SYN and FIN)"), as a segment of its own. What is left may be empty, or begin beyond RCV.NXT.
 */
export function trimToWindow(segment: Segment, { nxt, wnd }: ReceiveSpace): Segment {
  const start = seqAdd(segment.seq, has(segment, SYN) ? 1 : 0);
  const end = seqAdd(start, segment.payload.length);
  const behind = Math.max(0, seqDiff(nxt, start));
  const room = Math.max(0, wnd - Math.max(0, seqDiff(start, nxt)));
  const payload = segment.payload.subarray(behind, behind + room);
  const fin = has(segment, FIN) && seqInWindow(end, nxt, wnd);
  return {
    ...segment,
    seq: behind > 0 ? nxt : start,
    flags: (segment.flags & ~(SYN | FIN)) | (fin ? FIN : 0),
    payload,
  };
}

/** What RCV.NXT can advance over, and what has to wait. */
export interface Assembled {
  readonly text: readonly Uint8Array[];
  readonly nxt: Seq;
  /** The FIN stands at `nxt`. */
  readonly fin: boolean;
  readonly held: readonly Segment[];
}

/** Puts trimmed segments in SEG.SEQ order and takes what follows `nxt` without a gap, each byte once, and none after a FIN. */
export function assemble(segments: readonly Segment[], nxt: Seq): Assembled {
  const text: Uint8Array[] = [];
  const held: Segment[] = [];
  let at = nxt;
  let fin = false;
  for (const segment of [...segments].sort((a, b) => seqDiff(a.seq, b.seq))) {
    if (fin) break;
    const ahead = seqDiff(segment.seq, at);
    if (ahead > 0) {
      held.push(segment);
      continue;
    }
    const fresh = segment.payload.subarray(-ahead);
    if (fresh.length > 0) text.push(fresh);
    at = seqAdd(at, fresh.length);
    fin = has(segment, FIN) && seqAdd(segment.seq, segment.payload.length) === at;
  }
  return { text, nxt: at, fin, held };
}
