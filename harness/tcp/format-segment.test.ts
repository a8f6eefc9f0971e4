import { expect } from 'chai';
import { formatSegment } from './format-segment.ts';
import { segment } from './segment.ts';
import { seq } from './seq.ts';

describe('formatSegment', () => {
  const synAck = segment({
    flags: 'SA',
    seq: seq(5000),
    ack: seq(4_294_967_295),
    options: [{ kind: 'mss', bytes: 1460 }],
  });

  it('writes raw numbers where no origin is known', () => {
    expect(formatSegment(synAck)).to.equal('SA seq 5000 ack 4294967295 win 65535 len 0 <mss 1460>');
  });

  it('writes numbers relative to their origins, over the wrap too', () => {
    expect(formatSegment(synAck, { iss: seq(5000), irs: seq(4_294_967_294) })).to.equal(
      'SA seq 0 ack 1 win 65535 len 0 <mss 1460>',
    );
    const data = segment({ flags: 'PA', seq: seq(2), ack: seq(0), payload: new Uint8Array(5) });
    expect(formatSegment(data, { iss: seq(4_294_967_290), irs: seq(3) })).to.equal(
      'PA seq 8 ack -3 win 65535 len 5',
    );
  });

  it('writes ack and urg with their flags alone', () => {
    expect(formatSegment(segment({ ack: seq(9), urgent: 7 }))).to.equal('none seq 0 win 65535 len 0');
    expect(formatSegment(segment({ flags: 'UA', ack: seq(9), urgent: 7 }))).to.equal(
      'UA seq 0 ack 9 win 65535 urg 7 len 0',
    );
  });

  it("writes every kind of option, SACK edges relative to the other side's origin", () => {
    const options = [
      { kind: 'window-scale', shift: 7 },
      { kind: 'sack-permitted' },
      {
        kind: 'sack',
        blocks: [
          [11, 21],
          [31, 41],
        ],
      },
      { kind: 'timestamps', value: 1, echo: 2 },
      { kind: 'unknown', code: 254, data: Uint8Array.of(10, 11) },
      { kind: 'unknown', code: 34, data: new Uint8Array(0) },
    ] as const;
    expect(formatSegment(segment({ flags: 'A', ack: seq(2), options }), { irs: seq(1) })).to.equal(
      'A seq 0 ack 1 win 65535 len 0 <wscale 7, sackOK, sack 10:20 30:40, TS val 1 ecr 2, option 254 0a0b, option 34>',
    );
  });
});
