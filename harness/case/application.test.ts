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
});
