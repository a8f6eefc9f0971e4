import { expect } from 'chai';
import { parseSs } from './parse-ss.ts';

describe('observe: what ss prints', () => {
  it('keeps the line verbatim but for blanks at its end', () => {
    const line = 'ESTAB 0      0      198.18.0.1:80  198.18.1.1:5000 users:(("nginx",pid=7,fd=3))';
    expect(parseSs(`${line}   \n`)[0]).to.have.property('line', line);
  });

  it('names every process of a shared socket once', () => {
    const [row] = parseSs(
      'LISTEN 0 5 *:80 *:* users:(("a b",pid=8,fd=3),("nginx",pid=7,fd=6),("nginx",pid=7,fd=9))',
    );
    expect(row!.pids).to.deep.equal([8, 7]);
  });

  it('reads processes in the form before iproute2 3.18', () => {
    expect(parseSs('LISTEN 0 5 :::80 :::* users:(("nginx",7,6))')[0]).to.deep.include({
      pids: [7],
      family: 6,
    });
  });

  it('takes a timer from its column, not from a process that is called so', () => {
    const [row] = parseSs(
      'ESTAB 0 0 127.0.0.1:1 127.0.0.1:2 users:(("timer:(x)",pid=7,fd=3)) timer:(on,200ms,1)',
    );
    expect(row).to.deep.include({ timer: 'on,200ms,1', pids: [7] });
  });

  it('strips scopes, inside the brackets and after them', () => {
    const [inside, after] = parseSs(
      'ESTAB 0 0 [fe80::1%eth0]:1 [fe80::2]:2\nESTAB 0 0 [fe80::1]%eth0:1 [fe80::2]:2',
    );
    expect(inside!.local).to.deep.equal({ address: 'fe80::1', port: 1 });
    expect(after!.local).to.deep.equal(inside!.local);
  });

  it('gives a listener on an IPv4-mapped address an IPv4 remote', () => {
    expect(parseSs('LISTEN 0 5 [::ffff:127.0.0.1]:80 *:*')[0]).to.deep.include({
      family: 4,
      local: { address: '127.0.0.1', port: 80 },
      remote: { address: '0.0.0.0', port: 0 },
    });
  });

  it('passes over a header and takes no socket for none', () => {
    expect(parseSs('State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n')).to.deep.equal([]);
    expect(parseSs('')).to.deep.equal([]);
  });

  const unreadable = {
    'a state that is none': 'ESTABLISHING 0 0 127.0.0.1:1 127.0.0.1:2',
    'a line without its state': '0 0 127.0.0.1:1 127.0.0.1:2',
    'a port beyond 65535': 'ESTAB 0 0 127.0.0.1:70000 127.0.0.1:2',
    'a service for a port': 'ESTAB 0 0 127.0.0.1:http 127.0.0.1:2',
    'an address that is none': 'ESTAB 0 0 127.0.0.256:1 127.0.0.1:2',
    'ends of two families': 'ESTAB 0 0 127.0.0.1:1 [2001:db8::1]:2',
    'no port': 'ESTAB 0 0 127.0.0.1 127.0.0.1:2',
  };
  for (const [what, line] of Object.entries(unreadable)) {
    it(`refuses ${what}, naming the line`, () => {
      expect(() => parseSs(`ESTAB 0 0 127.0.0.1:1 127.0.0.1:2\n${line}\n`))
        .to.throw('line 2 of ss cannot be read')
        .with.property('code', 'CW_OBSERVER');
    });
  }

  it('shows a line that it refuses short and without control characters', () => {
    expect(() => parseSs(`\u001b[2J\u009b ${'x'.repeat(5000)}`))
      .to.throw('\\u{1b}[2J\\u{9b} xxx')
      .with.property('message')
      .that.matches(/^[ -~]{1,400}$/);
  });
});
