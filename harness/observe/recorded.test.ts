import { expect } from 'chai';
import { formatEndpoint } from '#tcp';
import type { SocketRow } from './contract.ts';
import { parseNetstat } from './parse-netstat.ts';
import { parseProcfs } from './parse-procfs.ts';
import { parseSs } from './parse-ss.ts';
import { fixtureNames, readFixture } from './testing/fixtures.ts';

const SERVER = { 4: '198.18.0.1', 6: '2001:db8::1' } as const;
const PEER = { 4: '198.18.1.1', 6: '2001:db8::1:1' } as const;

/** What the namespace held when its outputs were recorded. 50007 was closed by its process, 50006 only shut down. */
const HELD = ([4, 6] as const).flatMap((family) => [
  `${family} LISTEN ${end(SERVER[family], 7000)} ${family === 4 ? '0.0.0.0:0' : '[::]:0'}`,
  `${family} SYN_SENT ${end(SERVER[family], 40000)} ${end(PEER[family], 50010)}`,
  ...[
    'SYN_RCVD',
    'ESTABLISHED',
    'CLOSE_WAIT',
    'LAST_ACK',
    'FIN_WAIT_1',
    'FIN_WAIT_2',
    'FIN_WAIT_2',
    'CLOSING',
    'TIME_WAIT',
  ].map(
    (state, index) => `${family} ${state} ${end(SERVER[family], 7000)} ${end(PEER[family], 50001 + index)}`,
  ),
]);

/** IPv4 clients of a listener for both families, an IPv4 listener on any address, an address of full length. */
const EXTRA = [
  '4 ESTABLISHED 198.18.0.1:7001 198.18.1.1:50011',
  '4 SYN_RCVD 198.18.0.1:7001 198.18.1.1:50012',
  '6 LISTEN [::]:7001 [::]:0',
  '4 LISTEN 0.0.0.0:7002 0.0.0.0:0',
  '6 ESTABLISHED [2001:db8::1]:7000 [2001:db8:1234:5678:9abc:def0:1234:5678]:50011',
];

const ALL = [...HELD, ...EXTRA].sort();

describe('observe: recorded outputs', () => {
  for (const name of ['ss-5.10.txt', 'ss-6.1.txt', 'ss-6.15.txt']) {
    it(`reads ${name}`, () => {
      const rows = parseSs(readFixture(name));
      expect(rows.map(summary).sort()).to.deep.equal(ALL);
      expect(find(rows, 'FIN_WAIT_2', 50006))
        .to.have.property('pids')
        .with.lengthOf(1);
      expect(find(rows, 'FIN_WAIT_2', 50007)).to.not.have.property('pids');
      expect(find(rows, 'TIME_WAIT', 50009)).to.include({ timer: 'timewait,59sec,0', sendQueue: 0 });
      expect(find(rows, 'LISTEN', 0)).to.include({ sendQueue: 511 });
    });
  }

  for (const name of [...fixtureNames('net-tools-'), ...fixtureNames('busybox-')]) {
    it(`reads ${name}`, () => {
      const rows = parseNetstat(readFixture(name));
      expect(rows.map(summary).sort()).to.deep.equal(ALL);
      expect(find(rows, 'LAST_ACK', 50004)).to.include({ recvQueue: 0, sendQueue: 1 });
      expect(find(rows, 'LISTEN', 0)).to.not.have.property('sendQueue');
      if (name.startsWith('busybox')) return;
      expect(find(rows, 'TIME_WAIT', 50009).timer).to.match(/^timewait \(59\.\d\d\/0\/0\)$/);
      expect(find(rows, 'ESTABLISHED', 50002))
        .to.have.property('pids')
        .with.lengthOf(1);
      expect(find(rows, 'ESTABLISHED', 50002)).to.not.have.property('timer');
    });
  }

  it('reads /proc/net/tcp and tcp6', () => {
    const texts = ['proc-net-tcp.txt', 'proc-net-tcp6.txt'].map(readFixture);
    const rows = texts.flatMap((text) => parseProcfs(text, { littleEndian: true }));
    expect(rows.map(summary).sort()).to.deep.equal(ALL);
    expect(find(rows, 'FIN_WAIT_2', 50007)).to.include({ inode: 0, timer: '03:0000036E' });
    expect(find(rows, 'FIN_WAIT_2', 50006).inode).to.be.greaterThan(0);
    expect(find(rows, 'LAST_ACK', 50004)).to.include({ recvQueue: 0, sendQueue: 1 });
  });

  it('reads ss-4.15.txt: wide columns, a keep-alive timer, a scope', () => {
    const rows = parseSs(readFixture('ss-4.15.txt'));
    expect(rows.map(summary)).to.deep.equal([
      '6 LISTEN [::]:8111 [::]:0',
      '4 CLOSE_WAIT 127.0.0.1:56947 127.0.0.1:8111',
      '4 ESTABLISHED 127.0.0.1:22 127.0.0.1:41234',
      '4 FIN_WAIT_2 127.0.0.1:8111 127.0.0.1:56947',
      '4 LISTEN 127.0.0.53:53 0.0.0.0:0',
    ]);
    expect(rows[0]).to.deep.include({ pids: [612], sendQueue: 100 });
    expect(rows[2]).to.include({ timer: 'keepalive,104min,0' });
  });

  it('reads macos-10.14.txt: every state in BSD spelling', () => {
    const rows = parseNetstat(readFixture('macos-10.14.txt'));
    expect(rows.map(summary)).to.deep.equal([
      '4 ESTABLISHED 127.0.0.1:7000 127.0.0.1:52040',
      '4 CLOSE_WAIT 127.0.0.1:7000 127.0.0.1:52041',
      '4 SYN_RCVD 127.0.0.1:7000 127.0.0.1:52042',
      '4 FIN_WAIT_1 127.0.0.1:7000 127.0.0.1:52043',
      '4 FIN_WAIT_2 127.0.0.1:7000 127.0.0.1:52044',
      '4 LAST_ACK 127.0.0.1:7000 127.0.0.1:52045',
      '4 CLOSING 127.0.0.1:7000 127.0.0.1:52046',
      '4 SYN_SENT 127.0.0.1:52047 127.0.0.1:9',
      '4 TIME_WAIT 127.0.0.1:7000 127.0.0.1:52048',
      '4 CLOSED 127.0.0.1:52049 0.0.0.0:0',
      '6 LISTEN [::]:7001 [::]:0',
      '6 LISTEN [::1]:7002 [::]:0',
      '6 ESTABLISHED [fe80::1]:7000 [fe80::1]:52050',
      '4 LISTEN 0.0.0.0:7003 0.0.0.0:0',
    ]);
    expect(rows[1]).to.deep.include({ recvQueue: 24, sendQueue: 0, pids: [512] });
    expect(rows[2]).to.not.have.property('pids');
  });

  it('reads macos-15.txt: byte counts before the pid', () => {
    const rows = parseNetstat(readFixture('macos-15.txt'));
    expect(rows.map(({ pids }) => pids)).to.deep.equal([[2903], [5767], [5767]]);
    expect(summary(rows[1]!)).to.equal(
      '6 CLOSE_WAIT [2001:db8:1234:5678:9abc:def0:1234:5678]:7000 [2001:db8::1:1]:52041',
    );
  });

  it('reads macos-26.txt: a process with blanks in its name, and its pid', () => {
    const rows = parseNetstat(readFixture('macos-26.txt'));
    expect(rows.map(({ pids }) => pids)).to.deep.equal([[2271], [2272], [2272]]);
  });

  it('reads freebsd-14.txt', () => {
    expect(parseNetstat(readFixture('freebsd-14.txt')).map(summary)).to.deep.equal([
      '4 ESTABLISHED 127.0.0.1:7000 127.0.0.1:52040',
      '4 TIME_WAIT 127.0.0.1:7000 127.0.0.1:52041',
      '6 FIN_WAIT_2 [2001:db8:1234:5678:9abc:def0:1234:5678]:7000 [2001:db8::1:1]:52042',
      '6 LISTEN [::]:7001 [::]:0',
      '4 LISTEN 0.0.0.0:22 0.0.0.0:0',
    ]);
  });
});

function end(address: string, port: number): string {
  return formatEndpoint({ address, port });
}

function summary({ family, state, local, remote }: SocketRow): string {
  return `${family} ${state} ${formatEndpoint(local)} ${formatEndpoint(remote)}`;
}

/** The IPv4 row of the server on port 7000. */
function find(rows: readonly SocketRow[], state: string, remotePort: number): SocketRow {
  return rows.find(
    (row) =>
      row.family === 4 && row.state === state && row.local.port === 7000 && row.remote.port === remotePort,
  )!;
}
