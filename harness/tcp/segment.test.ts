import { expect } from 'chai';
import { parseFlags } from './flags.ts';
import { segment, segmentLength } from './segment.ts';
import { seq } from './seq.ts';

describe('segment', () => {
  it('fills in zero, empty, and a window of 65535', () => {
    expect(segment({})).to.deep.equal({
      flags: 0,
      seq: 0,
      ack: 0,
      window: 65_535,
      urgent: 0,
      options: [],
      payload: new Uint8Array(0),
    });
  });

  it('keeps what is given, flags as letters or as bits', () => {
    const given = { seq: seq(1), ack: seq(2), window: 0, urgent: 3, payload: Uint8Array.of(1) };
    const options = [{ kind: 'mss', bytes: 1460 }] as const;
    expect(segment({ ...given, options, flags: 'SA' })).to.deep.equal({ ...given, options, flags: 0x12 });
    expect(segment({ flags: 0x12 })).to.deep.equal(segment({ flags: 'SA' }));
  });

  it('refuses letters that are no flags', () => {
    expect(() => segment({ flags: 'SYN' }))
      .to.throw("'Y'")
      .with.property('code', 'CW_FLAGS');
  });
});

describe('segmentLength', () => {
  for (const [flags, bytes, length] of [
    ['', 0, 0],
    ['A', 0, 0],
    ['RPUAEC', 3, 3],
    ['S', 0, 1],
    ['SA', 2, 3],
    ['FA', 0, 1],
    ['FA', 5, 6],
    ['SF', 1, 3],
  ] as const) {
    it(`of '${flags}' with ${bytes} bytes is ${length}`, () => {
      expect(segmentLength({ flags: parseFlags(flags), payload: new Uint8Array(bytes) })).to.equal(length);
    });
  }
});
