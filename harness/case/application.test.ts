import { expect } from 'chai';
import type { SegmentEvent } from '#trace';
import { applicationOf } from './application.ts';

const segment = (
  from: 'server' | 'client',
  flags: string,
  length = 0,
  retransmission = false,
): SegmentEvent => ({
  kind: 'segment',
  atUs: 0,
  from,
  flags,
  seq: 0,
  ack: 0,
  window: 0,
  length,
  retransmission,
  state: null,
  bytes: '',
});

describe('what the application did', () => {
  it('is read from the packets of the server', () => {
    const events = [
      segment('client', 'S'),
      segment('server', 'SA'),
      segment('client', 'PA', 40),
      segment('server', 'A', 1460),
      segment('server', 'PA', 540),
      segment('server', 'PA', 540, true),
      segment('server', 'FA', 10),
    ];
    expect(applicationOf(events)).to.deep.equal(['sent 2010 bytes', 'ended its stream (FIN)']);
  });

  it('is a reset where there was one', () => {
    expect(applicationOf([segment('server', 'RA')])).to.deep.equal(['reset the connection (RST)']);
  });

  it('counts what was lost on the way once', () => {
    const { state: _state, bytes: _bytes, ...lost } = segment('server', 'PA', 10);
    const fault = { ...lost, kind: 'fault', act: 'drop', detail: '', packets: 1 } as const;
    const again = segment('server', 'PA', 10, true);
    expect(applicationOf([fault, again])).to.deep.equal(['sent 10 bytes']);
    expect(applicationOf([{ ...fault, act: 'hold' }, segment('server', 'PA', 10)])).to.deep.equal([
      'sent 10 bytes',
    ]);
  });
});
