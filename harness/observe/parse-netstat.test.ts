import { expect } from 'chai';
import { parseNetstat } from './parse-netstat.ts';

const LINUX = 'Proto Recv-Q Send-Q Local Address  Foreign Address  State  PID/Program name  Timer';
const MACOS =
  'Proto Recv-Q Send-Q  Local Address  Foreign Address  (state)  rxbytes txbytes process:pid state options';

describe('observe: what netstat prints', () => {
  it('reads a program name with blanks', () => {
    const line = 'tcp 0 0 127.0.0.1:1 127.0.0.1:2 ESTABLISHED 9420/Passenger Ruby  keepalive (6580.48/0/0)';
    expect(parseNetstat(`${LINUX}\n${line}`)[0]).to.deep.include({
      pids: [9420],
      timer: 'keepalive (6580.48/0/0)',
      line,
    });
  });

  it('knows no process and no timer where there is none', () => {
    const [row] = parseNetstat(`${LINUX}\ntcp 0 0 127.0.0.1:1 127.0.0.1:2 TIME_WAIT - off (0.00/0/0)`);
    expect(row).to.not.have.any.keys('pids', 'timer');
  });

  it('reads a header for each table', () => {
    const rows = parseNetstat(
      `Active Internet connections\n${LINUX}\ntcp 0 0 127.0.0.1:1 127.0.0.1:2 CLOSE\n${MACOS}\ntcp4 0 0 *.1 *.* LISTEN 0 0 a:7 0 0`,
    );
    expect(rows.map(({ state }) => state)).to.deep.equal(['CLOSED', 'LISTEN']);
  });

  const unreadable = {
    'rows without a header': 'tcp 0 0 127.0.0.1:1 127.0.0.1:2 ESTABLISHED',
    'another protocol': `${LINUX}\nudp 0 0 127.0.0.1:1 127.0.0.1:2 ESTABLISHED`,
    'an address that was cut short': `${MACOS}\ntcp6 0 0 fe80::1caa:a604:.555 ::1.80 ESTABLISHED 0 0 a:7 0 0`,
    'a row that was cut short': `${MACOS}\ntcp4 0 0 127.0.0.1.1 127.0.0.1.2 ESTABLISHED 0 0`,
    'a complaint': 'netstat: sysctl: net.inet.tcp.pcblist: Cannot allocate memory',
  };
  for (const [what, text] of Object.entries(unreadable)) {
    it(`refuses ${what}`, () => {
      expect(() => parseNetstat(text))
        .to.throw('of netstat cannot be read')
        .with.property('code', 'CW_OBSERVER');
    });
  }
});
