import { random, type Random } from '#core';
import { expect } from 'chai';
import { RST } from './flags.ts';
import { at } from './machine-builders.test.ts';
import { EDGES } from './machine-edges.ts';
import type { MachineEvent, Outcome } from './machine-events.ts';
import { MACHINE_DEFAULTS, type MachineOptions } from './machine-options.ts';
import { has } from './machine-segments.ts';
import { stateOf, type Tcb, type TcbState, textInFlight } from './machine-tcb.ts';
import { step } from './machine.ts';
import { segment, type Segment } from './segment.ts';
import { type Seq, seq, seqAdd, seqLe } from './seq.ts';
import { type State, STATES } from './states.ts';

const EDGE_NAMES = new Set(EDGES.map(({ from, to }) => `${from} ${to}`));

function expectEdges(from: State, { path, tcb }: Outcome): void {
  const states = [from, ...path];
  for (const [i, to] of path.entries()) expect(EDGE_NAMES).to.include(`${states[i]} ${to}`);
  expect(stateOf(tcb), 'the state after').to.equal(states.at(-1));
}

// ------------------------------------------------------------- two machines on a lossless channel that keeps order

const UNOPENED = new Set<State>(['LISTEN', 'SYN_SENT', 'SYN_RCVD']);

class Side {
  tcb: Tcb | null = null;
  readonly inbox: Segment[] = [];
  readonly sent: Uint8Array[] = [];
  readonly read: Uint8Array[] = [];
  /** A reset, or an end before all was sent: not every byte need arrive. */
  broken = false;
  readonly rng: Random;
  readonly preferred: boolean;

  constructor(rng: Random, preferred: boolean) {
    this.rng = rng;
    this.preferred = preferred;
  }

  happen(event: MachineEvent, peer: Side): void {
    const from = stateOf(this.tcb);
    const outcomes = step(this.tcb, event);
    const outcome = outcomes[this.preferred ? 0 : this.rng.below(outcomes.length)] ?? outcomes[0];
    expectEdges(from, outcome);
    if (event.type === 'abort' || event.type === 'close') this.broken = true;
    if (outcome.segments.some((each) => has(each, RST))) this.broken = true;
    if (UNOPENED.has(from) && outcome.path.some((to) => to === 'LISTEN' || to === 'CLOSED'))
      this.broken = true;
    if (event.type === 'send' && outcome.error === null) this.sent.push(event.text);
    this.read.push(...outcome.delivered);
    peer.inbox.push(...outcome.segments);
    this.tcb = outcome.tcb;
  }
}

function exchange(to: Side, from: Side): void {
  const arrived = to.inbox.shift();
  if (arrived !== undefined) to.happen({ type: 'segment', segment: arrived }, from);
}

const PATIENCE = 2_000;

/** The users read all, timers repeat what is not acknowledged, until nothing is sent any more. */
function settle(a: Side, b: Side): void {
  for (let left = PATIENCE; ; left--) {
    expect(left, 'rounds until both are quiet').to.be.greaterThan(0);
    while (a.inbox.length + b.inbox.length > 0) {
      exchange(a, b);
      exchange(b, a);
    }
    for (const [side, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      side.happen({ type: 'receive', bytes: 1e6 }, peer);
      side.happen({ type: 'timeout', timer: 'retransmission' }, peer);
      // A side that reset and lingers answers nothing that would stop the other from repeating; its time runs out.
      if (left < PATIENCE / 2) side.happen({ type: 'timeout', timer: 'time-wait' }, peer);
    }
    if (a.inbox.length + b.inbox.length === 0) return;
  }
}

function userCall(rng: Random, calm = false): MachineEvent {
  const roll = rng.below(calm ? 97 : 100);
  if (roll < 55) return { type: 'send', text: rng.bytes(1 + rng.below(1500)) };
  if (roll < 85) return { type: 'receive', bytes: 1 + rng.below(3000) };
  if (roll < 97) return { type: 'shutdown' };
  return { type: roll < 99 ? 'close' : 'abort' };
}

/** Half of the runs are calm: they open before the users do anything, and nobody aborts. */
function converse(seed: number, preferred: boolean): readonly [Side, Side] {
  const rng = random(seed);
  const [a, b] = [new Side(rng, preferred), new Side(rng, preferred)];
  const open = (passive: boolean): MachineEvent => ({
    type: 'open',
    passive,
    iss: seq(rng.below(4) === 0 ? -1 - rng.below(2000) : rng.below(2 ** 32)),
    window: 200 + rng.below(4000),
  });
  b.happen(open(rng.below(4) > 0), a);
  a.happen(open(false), b);
  const calm = rng.below(2) === 0;
  if (calm) settle(a, b);
  for (let left = rng.below(40); left > 0; left--) {
    const [side, peer] = rng.below(2) === 0 ? [a, b] : [b, a];
    if (rng.below(3) > 0) exchange(side, peer);
    else side.happen(userCall(rng, calm), peer);
  }
  settle(a, b);
  return [a, b];
}

const LEGAL_ENDS = [
  'ESTABLISHED ESTABLISHED',
  'CLOSE_WAIT FIN_WAIT_2',
  'TIME_WAIT TIME_WAIT',
  'CLOSED TIME_WAIT',
  'CLOSED CLOSED',
  'CLOSED LISTEN',
];
const bytesOf = (pieces: readonly Uint8Array[]) => Buffer.concat(pieces).toString('hex');

for (const preferred of [true, false]) {
  describe(`machine: two machines joined, ${preferred ? 'preferred outcomes' : 'any outcome that is allowed'}`, () => {
    it('end in a legal pair of states, every change of state is an edge, and each byte arrives once, in order', () => {
      const ends = new Set<string>();
      let unbroken = 0;
      for (let seed = 1; seed <= 500; seed++) {
        const [a, b] = converse(seed, preferred);
        const end = [stateOf(a.tcb), stateOf(b.tcb)].sort().join(' ');
        ends.add(end);
        const legal = preferred ? LEGAL_ENDS : [...LEGAL_ENDS, 'LISTEN TIME_WAIT'];
        expect(legal, `seed ${seed}`).to.include(end);
        const broken = a.broken || b.broken;
        unbroken += broken ? 0 : 1;
        for (const [sender, reader] of [
          [a, b],
          [b, a],
        ] as const) {
          const [sent, read] = [bytesOf(sender.sent), bytesOf(reader.read)];
          expect(broken ? sent.startsWith(read) : sent === read, `bytes of seed ${seed}`).to.equal(true);
        }
      }
      // The runs were of all kinds.
      expect([...ends]).to.include.members(LEGAL_ENDS);
      expect(unbroken).to.be.greaterThan(250);
    });
  });
}

// ----------------------------------------------------------------------------------------------- random events

const LIVE = STATES.filter((state): state is TcbState => state !== 'CLOSED');

function near(rng: Random, number: Seq): Seq {
  const offsets = [0, 0, 0, 1, -1, 2, 999, 1000, rng.below(2000) - 1000, rng.below(2 ** 32), -200_000];
  return seqAdd(number, offsets[rng.below(offsets.length)] ?? 0);
}

function anyEvent(rng: Random, tcb: Tcb | null): MachineEvent {
  const roll = rng.below(20);
  if (roll === 0)
    return { type: 'timeout', timer: (['user', 'retransmission', 'time-wait'] as const)[rng.below(3)]! };
  if (roll === 1)
    return {
      type: 'open',
      passive: rng.below(2) === 0,
      iss: seq(rng.below(2 ** 32)),
      window: rng.below(2000),
    };
  if (roll < 5) return userCall(rng);
  const arrived = segment({
    flags:
      rng.below(3) === 0
        ? rng.below(256)
        : (['A', 'A', 'FA', 'PA', 'S', 'SA', 'R', 'RA', 'SF'] as const)[rng.below(9)]!,
    seq: near(rng, tcb?.rcv.nxt ?? seq(0)),
    ack: near(rng, tcb?.snd.nxt ?? seq(0)),
    window: [0, 1, 500, 65535][rng.below(4)]!,
    urgent: rng.below(20),
    payload: rng.below(2) === 0 ? rng.bytes(rng.below(30)) : new Uint8Array(0),
    options: [
      { kind: 'timestamps' as const, value: rng.below(2 ** 32), echo: 0 },
      { kind: 'mss' as const, bytes: rng.below(3) },
    ].slice(rng.below(3)),
  });
  return { type: 'segment', segment: arrived };
}

function anyOptions(rng: Random): MachineOptions {
  const names = Object.keys(MACHINE_DEFAULTS) as (keyof MachineOptions)[];
  return Object.fromEntries(names.map((name) => [name, rng.below(2) === 0])) as unknown as MachineOptions;
}

function expectSound({ snd, rcv, queue, unread, synAcked, state }: Tcb, inFlight: number): void {
  expect(seqLe(snd.una, snd.nxt), 'SND.UNA =< SND.NXT').to.equal(true);
  expect(inFlight, 'text in flight').to.be.at.most(queue.length);
  expect(
    Math.min(snd.wnd, rcv.wnd, unread, rcv.buff - unread, snd.maxWnd - snd.wnd),
    'amounts',
  ).to.be.at.least(0);
  if (['ESTABLISHED', 'FIN_WAIT_2', 'LAST_ACK'].includes(state)) expect(synAcked).to.equal(true);
}

describe('machine: random events', () => {
  it('never throw, change state by edges alone, and leave a TCB sound, in every outcome that is allowed', () => {
    const taken = new Set<string>();
    for (let seed = 1; seed <= 800; seed++) {
      const rng = random(seed);
      const options = anyOptions(rng);
      const wrap = rng.below(2) === 0 ? { iss: seq(-3), irs: seq(-400) } : {};
      let tcb: Tcb | null = at(LIVE[seed % LIVE.length]!, {
        ...wrap,
        rcv: { wnd: rng.below(5) === 0 ? 0 : 1000 },
      });
      for (let left = 25; left > 0; left--) {
        const outcomes = step(tcb, anyEvent(rng, tcb), options);
        for (const outcome of outcomes) {
          expectEdges(stateOf(tcb), outcome);
          const states = [stateOf(tcb), ...outcome.path];
          for (const [i, to] of outcome.path.entries()) taken.add(`${states[i]} ${to}`);
          if (outcome.tcb !== null) expectSound(outcome.tcb, textInFlight(outcome.tcb));
        }
        tcb = (outcomes[rng.below(outcomes.length)] ?? outcomes[0]).tcb;
      }
    }
    expect([...taken]).to.have.members([...EDGE_NAMES]);
  });
});
