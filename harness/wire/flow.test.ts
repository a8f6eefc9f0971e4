import { expect } from 'chai';
import { segment, seq, type Packet, type SegmentFields } from '#tcp';
import { Flow } from './flow.ts';

const END = { address: '198.18.0.1', port: 80 };
const packet = (fields: SegmentFields): Packet => ({ family: 4, from: END, to: END, ...segment(fields) });
const bytes = (count: number): Uint8Array => new Uint8Array(count);

describe('wire: one direction of a connection', () => {
  it('knows what was sent before, also across the wrap', () => {
    const flow = new Flow();
    const sent: [SegmentFields, boolean][] = [
      [{ flags: 'S', seq: seq(-3) }, false],
      [{ flags: 'S', seq: seq(-3) }, true],
      [{ flags: 'A', seq: seq(-2), payload: bytes(4) }, false],
      [{ flags: 'A', seq: seq(-2), payload: bytes(4) }, true],
      [{ flags: 'A', seq: seq(0), payload: bytes(2) }, true],
      [{ flags: 'A', seq: seq(0), payload: bytes(3) }, false],
      [{ flags: 'A', seq: seq(2) }, false],
      [{ flags: 'FA', seq: seq(3) }, false],
      [{ flags: 'FA', seq: seq(3) }, true],
    ];
    for (const [fields, again] of sent) expect(flow.note(packet(fields))).to.equal(again);
    expect(flow.origin).to.equal(seq(-3));
  });

  it('starts anew at a SYN with another number, and in the middle where none was seen', () => {
    const flow = new Flow();
    expect(flow.note(packet({ flags: 'A', seq: seq(500), payload: bytes(1) }))).to.equal(false);
    expect(flow.origin).to.equal(499);
    expect(flow.note(packet({ flags: 'S', seq: seq(100) }))).to.equal(false);
    expect(flow.note(packet({ flags: 'A', seq: seq(101), payload: bytes(1) }))).to.equal(false);
    expect(flow.origin).to.equal(100);
  });
});
