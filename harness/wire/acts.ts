import { nowUs, type Random } from '#core';
import { decodePacket, openPacket, updateChecksums, type PacketView } from '#tcp';
import type { FaultAct } from '#trace';
import { Later } from './later.ts';
import type { Passing } from './passing.ts';

/** Lets a packet go on to the rules behind this one, and to its end. */
export type On = (passing: Passing) => void;

/** What a rule does with each packet that matches. */
export interface Act {
  readonly name: FaultAct;
  /**
   * Calls `on` as often as the packet is to go on, now or later.
   * @param tell says what is being done, in a few words behind the name; not called: nothing, this time
   */
  take(passing: Passing, on: On, tell: (detail: string) => void): void;
  /** A packet has gone past this rule, one that matches or another. */
  past?(passing: Passing): void;
  /** How many packets it keeps. */
  readonly held?: number;
  /** What it keeps goes on now, in order. */
  release?(): void;
  /** What it keeps is lost. */
  forget?(): void;
}

export function drop(): Act {
  return { name: 'drop', take: (_passing, _on, tell) => tell('') };
}

/** Keeps packets until they are released. */
export function hold(): Act {
  let kept: (() => void)[] = [];
  return {
    name: 'hold',
    take(passing, on, tell) {
      tell('');
      kept.push(() => on(passing));
    },
    get held() {
      return kept.length;
    },
    release() {
      for (const go of kept.splice(0)) go();
    },
    forget: () => void (kept = []),
  };
}

/** @param dueUs when a packet is to go on, on the clock of nowUs */
function postpone(name: FaultAct, dueUs: (passing: Passing) => number): Act {
  const later = new Later();
  return {
    name,
    take(passing, on, tell) {
      const dueAtUs = dueUs(passing);
      tell(`by ${((dueAtUs - nowUs()) / 1000).toFixed(1)} ms`);
      later.add(dueAtUs, () => on(passing));
    },
    get held() {
      return later.count;
    },
    release: () => later.hurry(),
    forget: () => later.clear(),
  };
}

/** @param jitterMs up to so much more, drawn for each packet: they may overtake each other */
export function delay(ms: number, jitterMs: number, random: Random): Act {
  return postpone('delay', () => nowUs() + (ms + jitterMs * random.fraction()) * 1000);
}

/** A link of so many bytes a second, IP headers included: each packet waits until those before it are through. */
export function rate(bytesPerSecond: number): Act {
  let freeUs = 0;
  return postpone('rate', ({ bytes }) => {
    freeUs = Math.max(freeUs, nowUs()) + (bytes.length / bytesPerSecond) * 1e6;
    return freeUs;
  });
}

export function duplicate(copies: number): Act {
  return {
    name: 'duplicate',
    take(passing, on, tell) {
      tell(copies === 1 ? '' : `${copies} times`);
      on(passing);
      for (let copy = 0; copy < copies; copy++) on({ ...passing, retransmission: true });
    },
  };
}

/**
 * A packet goes behind the next `places` packets of its connection's direction. While one is kept, those that follow pass,
 * though they match.
 */
export function reorder(places: number): Act {
  const kept = new Map<string, { readonly go: () => void; left: number }>();
  return {
    name: 'reorder',
    take(passing, on, tell) {
      const key = directionOf(passing);
      if (kept.has(key)) return on(passing);
      tell(`behind the next ${places === 1 ? 'one' : places}`);
      kept.set(key, { go: () => on(passing), left: places + 1 });
    },
    // The kept packet itself is the first that comes past.
    past(passing) {
      const key = directionOf(passing);
      const first = kept.get(key);
      if (first === undefined || --first.left > 0) return;
      kept.delete(key);
      first.go();
    },
    get held() {
      return kept.size;
    },
    release() {
      const all = [...kept.values()];
      kept.clear();
      for (const { go } of all) go();
    },
    forget: () => kept.clear(),
  };
}

function directionOf({ packet: { from, to } }: Passing): string {
  return `${from.address} ${from.port} ${to.address} ${to.port}`;
}

/** Flips one bit of the payload, or of the checksum where there is no payload; the checksum is wrong then. */
export function corrupt(random: Random): Act {
  return {
    name: 'corrupt',
    take(passing, on, tell) {
      const bytes = Uint8Array.from(passing.bytes);
      const { tcp } = openPacket(bytes);
      const { payload } = tcp;
      const bit = 1 << random.below(8);
      const at = payload.length === 0 ? -1 : random.below(payload.length);
      if (at < 0) tcp.checksum ^= bit;
      else payload[at]! ^= bit;
      tell(at < 0 ? 'in the checksum' : `in byte ${at + 1} of ${payload.length}`);
      on({ ...passing, bytes, packet: decodePacket(bytes), damaged: true });
    },
  };
}

/** @param change writes into the headers and the payload in place; checksums are made right afterwards */
export function rewrite(change: (view: PacketView) => void): Act {
  return {
    name: 'rewrite',
    take(passing, on, tell) {
      tell('');
      const bytes = Uint8Array.from(passing.bytes);
      change(openPacket(bytes));
      updateChecksums(bytes);
      on({ ...passing, bytes, packet: decodePacket(bytes) });
    },
  };
}
