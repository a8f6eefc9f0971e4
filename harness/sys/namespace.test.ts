import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { expect } from 'chai';
import { closeFd, Namespace, tcpSocket } from './index.ts';
import { needsNamespaces } from './testing/needs.ts';

const inode = (): number => statSync('/proc/thread-self/ns/net').ino;

describe('sys: namespaces', () => {
  let here: number;
  let one: Namespace;
  let two: Namespace;

  before(function () {
    needsNamespaces(this);
  });
  beforeEach(() => {
    here = inode();
    one = Namespace.create();
    two = Namespace.create();
  });
  afterEach(() => {
    one.close();
    two.close();
    expect(inode()).to.equal(here);
  });

  it('are each their own, and not home', () => {
    expect(new Set([here, one.inode, two.inode])).to.have.property('size', 3);
    expect(Namespace.home().inode).to.equal(here);
  });

  it('run work inside, and the thread is home again', () => {
    expect(one.run(inode)).to.equal(one.inode);
    expect(inode()).to.equal(here);
  });

  it('pass on what the work throws, and the thread is home again', () => {
    const failure = new Error('of the work');
    expect(() =>
      one.run(() => {
        throw failure;
      }),
    ).to.throw(failure);
    expect(inode()).to.equal(here);
  });

  it('refuse asynchronous work, which would go on at home', () => {
    expect(() => one.run(async () => undefined))
      .to.throw()
      .with.property('code', 'CW_NAMESPACE');
    expect(inode()).to.equal(here);
  });

  it('nest: each ends where it began', () => {
    const seen = one.run(() => {
      const inner = two.run(() => [inode(), Namespace.home().run(inode), inode(), one.run(inode)]);
      return [...inner, inode()];
    });
    expect(seen).to.deep.equal([two.inode, here, two.inode, one.inode, one.inode]);
  });

  it('can be made inside another, which the thread does not leave by that', () => {
    const [made, after] = one.run(() => [Namespace.create(), inode()]);
    expect(after).to.equal(one.inode);
    expect(made.run(inode)).to.equal(made.inode).and.not.equal(one.inode);
    made.close();
  });

  it('have nothing but a loopback device', () => {
    const { stdout } = one.run(() => spawnSync('cat', ['/proc/net/dev'], { encoding: 'latin1' }));
    const devices = [...stdout.matchAll(/^ *(\w+):/gm)].map(([, name]) => name!);
    // Fallback tunnels come by themselves where the kernel has their modules.
    expect(
      devices.filter((name) => !/^(sit|tunl|gre|gretap|erspan|ip6|ip_vti|teql)/.test(name)),
    ).to.deep.equal(['lo']);
  });

  it('hold what is spawned in them', async () => {
    const child = one.spawn('cat', [], { stdio: ['pipe', 'ignore', 'ignore'] });
    expect(statSync(`/proc/${child.pid}/ns/net`).ino).to.equal(one.inode);
    child.stdin!.end();
    await once(child, 'exit');
  });

  it('hold the sockets that are made for them', () => {
    const bind = { address: Uint8Array.of(127, 0, 0, 1), port: 7 };
    const fds = [one, two].map((namespace) => tcpSocket(namespace, { family: 4, bind }));
    expect(() => tcpSocket(one, { family: 4, bind }))
      .to.throw()
      .with.property('errno', 'EADDRINUSE');
    fds.forEach(closeFd);
  });

  it('are refused once closed; closing again closes nothing else', () => {
    one.close();
    const later = Namespace.create();
    one.close();
    expect(later.run(inode)).to.equal(later.inode);
    expect(() => one.run(inode))
      .to.throw('has been closed')
      .with.property('code', 'CW_NAMESPACE');
    later.close();
  });

  it('are not inherited by what is spawned', () => {
    const own = readdirSync('/proc/self/fd').map(linkOf);
    expect(own).to.include(`net:[${one.inode}]`);
    const { stdout } = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'latin1' });
    expect(stdout).to.contain(' 0 -> ').and.not.contain('net:[');
  });
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
