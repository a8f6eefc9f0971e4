import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { expect } from 'chai';
import {
  closeHub,
  closePremises,
  createLab,
  loopbackHost,
  readSysctl,
  writeSysctl,
  type Lab,
} from './index.ts';
import { needsLab } from './testing/needs.ts';

const NAME = 'ipv4.tcp_fin_timeout';
const ownValue = (): string => readFileSync('/proc/sys/net/ipv4/tcp_fin_timeout', 'latin1').trim();

describe('lab: sysctls', () => {
  let one: Lab;
  let two: Lab;
  before(function () {
    needsLab(this);
  });
  before(() => {
    one = createLab({ client: true });
    two = createLab();
  });
  after(() => {
    one?.close();
    two?.close();
    closeHub();
    closePremises();
  });

  it('are of one host alone', () => {
    const own = ownValue();
    writeSysctl(one.server, NAME, 7);
    writeSysctl(two.server, NAME, '9');
    const values = [one.server, two.server, one.client!].map((host) => readSysctl(host, NAME));
    expect(values.slice(0, 2)).to.deep.equal(['7', '9']);
    expect(values[2]).not.to.be.oneOf(['7', '9']);
    expect(ownValue()).to.equal(own);
  });

  it('are refused by name where there are none such', () => {
    expect(() => readSysctl(one.server, 'ipv4.tcp_nonsense'))
      .to.throw('net.ipv4.tcp_nonsense')
      .with.property('code', 'CW_SYSCTL');
    expect(() => writeSysctl(one.server, NAME, 'soon'))
      .to.throw(`net.${NAME}`)
      .with.property('code', 'CW_SYSCTL');
  });
});

describe('lab: this machine as a host', () => {
  it('has the loopback addresses that the machine has, and no link', () => {
    const host = loopbackHost();
    const addresses = Object.values(networkInterfaces()).flatMap((list) =>
      list!.map(({ address }) => address),
    );
    expect(addresses).to.include.members(Object.values(host.addresses));
    expect(host.addresses[6] === '::1').to.equal(addresses.includes('::1'));
    expect(host.link).to.equal(null);
    host.sockets?.close();
  });

  it('keeps its sysctls', function () {
    if (process.platform !== 'linux') this.skip();
    const host = loopbackHost();
    const own = ownValue();
    expect(readSysctl(host, NAME)).to.equal(own);
    expect(() => writeSysctl(host, NAME, 7))
      .to.throw('left alone')
      .with.property('code', 'CW_SYSCTL');
    expect(ownValue()).to.equal(own);
    host.sockets!.close();
  });
});
