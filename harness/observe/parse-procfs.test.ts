import { expect } from 'chai';
import { parseProcfs } from './parse-procfs.ts';

const TAIL = '00000000:00000000 00:00000000 00000000 0 0 77';

describe('observe: /proc/net/tcp', () => {
  it('reads addresses of either byte order; ports and queues are plain numbers', () => {
    const little = `0: 0100007F:1F90 010012C6:0050 01 00000002:00000003 00:00000000 00000000 0 0 77`;
    const big = little.replace('0100007F', '7F000001').replace('010012C6', 'C6120001');
    const expected = {
      local: { address: '127.0.0.1', port: 8080 },
      remote: { address: '198.18.0.1', port: 80 },
      sendQueue: 2,
      recvQueue: 3,
      inode: 77,
    };
    expect(parseProcfs(little, { littleEndian: true })[0]).to.deep.include(expected);
    expect(parseProcfs(big, { littleEndian: false })[0]).to.deep.include(expected);
  });

  it('reads IPv6 in either byte order', () => {
    const row = (address: string) => `0: ${address}:0001 ${'0'.repeat(32)}:0000 0A ${TAIL}`;
    const [little] = parseProcfs(row('B80D0120000000000000000001000000'), { littleEndian: true });
    const [big] = parseProcfs(row('20010DB8000000000000000000000001'), { littleEndian: false });
    expect(little).to.deep.include({ family: 6, local: { address: '2001:db8::1', port: 1 } });
    expect(big!.local).to.deep.equal(little!.local);
  });

  it('refuses a state that the kernel has not', () => {
    for (const code of ['00', '0D', 'FF']) {
      expect(() => parseProcfs(`0: 0100007F:1F90 00000000:0000 ${code} ${TAIL}`))
        .to.throw('line 1 of /proc/net/tcp')
        .with.property('code', 'CW_OBSERVER');
    }
  });
});
