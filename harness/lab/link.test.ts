import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { LINK_KINDS, MTU, type Link } from '#sys';
import { ACK, RST, SYN, type Family, type Flags } from '#tcp';
import { bestLinkKind, closeHub, closePremises, createLab, type Host, type Lab } from './index.ts';
import { needsLab } from './testing/needs.ts';
import { readAll, segmentTo } from './testing/packets.ts';
import { until } from './testing/until.ts';

/** An ordinary user may not open /dev/net/tun on most machines. */
const KINDS = LINK_KINDS.filter((kind) => kind === 'veth' || bestLinkKind() === 'tun');

for (const kind of KINDS) {
  describe(`lab: a ${kind} link`, () => {
    let lab: Lab;
    let link: Link;

    before(function () {
      needsLab(this);
    });
    beforeEach(() => {
      lab = createLab({ link: kind });
      link = lab.server.link!;
    });
    afterEach(() => lab.close());
    after(() => {
      closeHub();
      closePremises();
    });

    const toClosedPort = (host: Host, family: Family, flags: Flags, from?: number): Uint8Array =>
      segmentTo(host, { family, flags, port: 1, ...(from === undefined ? {} : { from }) });

    it('says what it is', () => expect([lab.linkKind, link.kind]).to.deep.equal([kind, kind]));

    for (const family of [4, 6] as const) {
      it(`IPv${family}: the kernel's answer is there when write returns, and nothing else`, () => {
        for (let turn = 0; turn < 500; turn++) {
          link.write(toClosedPort(lab.server, family, ACK, 40_000 + turn));
          const [answer, ...more] = readAll(lab.server);
          expect(answer).to.include({ family, flags: RST });
          expect(answer!.to.port).to.equal(40_000 + turn);
          expect(more).to.deep.equal([]);
        }
      });
    }

    it('reads null when there is nothing', () => {
      expect([link.read(), link.read()]).to.deep.equal([null, null]);
    });

    it('keeps what has been read as it was', () => {
      link.write(toClosedPort(lab.server, 4, ACK));
      const first = link.read()!;
      const copy = Uint8Array.from(first);
      link.write(toClosedPort(lab.server, 6, ACK));
      expect(link.read()).not.to.deep.equal(copy);
      expect(first).to.deep.equal(copy);
    });

    it('wakes who waits for a packet', async () => {
      const woken = new EventEmitter();
      link.onReadable(() => woken.emit('readable'));
      for (const flags of [SYN, ACK, SYN] as const) {
        const waiting = once(woken, 'readable');
        link.write(toClosedPort(lab.server, 4, flags));
        await waiting;
        expect(readAll(lab.server)).to.have.lengthOf(1);
      }
    });

    it('wakes each of several whose packets came together, also when one reads in a callback', async () => {
      const labs = [lab, ...Array.from({ length: 4 }, () => createLab({ link: kind }))];
      const counts = labs.map(() => 0);
      const read = (index: number): void => {
        counts[index]! += readAll(labs[index]!.server).length;
      };
      labs.forEach(({ server }, index) => {
        let isFirst = true;
        server.link!.onReadable(() => {
          read(index);
          const before = labs[index - 1]?.server;
          if (isFirst) before?.link!.write(toClosedPort(before, 6, ACK));
          isFirst = false;
          read(index);
        });
      });
      for (const { server } of labs) server.link!.write(toClosedPort(server, 4, ACK));
      read(0);
      await until('all packets read', () => counts.join() === '2,2,2,2,1');
      for (const other of labs) other.close();
    });

    it('takes packets up to the MTU, and refuses larger ones with a coded error', () => {
      const packet = (size: number): Uint8Array =>
        Buffer.concat([toClosedPort(lab.server, 4, ACK), Buffer.alloc(size)]).subarray(0, size);
      link.write(packet(MTU));
      for (const size of [MTU + 1, 9000, 70_000]) {
        expect(() => link.write(packet(size)))
          .to.throw(`${size} bytes`)
          .with.property('errno', 'EMSGSIZE');
      }
    });

    it('refuses what is not IP with a coded error', () => {
      for (const bytes of [[], [0x05], [0x75, 0], [0xff]]) {
        expect(() => link.write(Uint8Array.from(bytes)))
          .to.throw()
          .that.includes({ code: 'CW_SYSTEM_CALL', errno: 'EINVAL' });
      }
    });

    it('survives nonsense that begins like IP', () => {
      for (const first of [0x40, 0x4f, 0x45, 0x60]) {
        for (const size of [1, 19, 20, 39, 40, 100]) link.write(Buffer.alloc(size, first));
      }
      readAll(lab.server);
      link.write(toClosedPort(lab.server, 4, ACK));
      expect(readAll(lab.server)).to.have.lengthOf(1);
    });

    it('is silent by itself, in both directions', async () => {
      // A device that had made itself an IPv6 address would ask for others with the same within a second.
      await delay(1200);
      const table = lab.server.namespace.run(() => readFileSync('/proc/thread-self/net/dev', 'latin1'));
      const [, received] = /wire0: *\d+ +(\d+)/.exec(table)!;
      expect([link.read(), received]).to.deep.equal([null, '0']);
    });

    it('holds a burst until it is read', () => {
      for (let port = 0; port < 4000; port++) link.write(toClosedPort(lab.server, 4, ACK, 1024 + port));
      expect(readAll(lab.server).map(({ to }) => to.port)).to.deep.equal(
        Array.from({ length: 4000 }, (_, port) => 1024 + port),
      );
    });

    it('can be closed twice; then it reads null and refuses to write', () => {
      link.write(toClosedPort(lab.server, 4, ACK));
      link.close();
      const next = createLab({ link: kind });
      link.close();
      expect(link.read()).to.equal(null);
      expect(() => link.write(toClosedPort(lab.server, 4, ACK)))
        .to.throw()
        .with.property('errno', 'EBADF');
      next.server.link!.write(toClosedPort(next.server, 4, ACK));
      expect(readAll(next.server)).to.have.lengthOf(1);
      next.close();
    });
  });
}
