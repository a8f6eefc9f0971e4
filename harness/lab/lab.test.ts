import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { closeFd, LINK_KINDS, tcpListen, tcpSocket } from '#sys';
import { ACK, parseAddress, RST, SYN } from '#tcp';
import { bestLinkKind, closeHub, closePremises, createLab, type Lab } from './index.ts';
import { needsLab } from './testing/needs.ts';
import { readAll, segmentTo } from './testing/packets.ts';

/** An ordinary user may not open /dev/net/tun on most machines. */
const KINDS = LINK_KINDS.filter((kind) => kind === 'veth' || bestLinkKind() === 'tun');
const FAMILIES = [4, 6] as const;
const PORT = 7000;

describe('lab', () => {
  before(function () {
    needsLab(this);
  });
  after(() => {
    closeHub();
    closePremises();
  });

  for (const link of KINDS) {
    describe(`on ${link}`, () => {
      for (const family of FAMILIES) {
        it(`answers the very first SYN by IPv${family}, in each of 200 new labs`, () => {
          for (let count = 0; count < 200; count++) {
            const lab = createLab({ link });
            lab.server.link!.write(segmentTo(lab.server, { family, flags: SYN, port: PORT }));
            const answers = readAll(lab.server);
            lab.close();
            expect(
              answers.map(({ flags }) => flags),
              `lab ${count}`,
            ).to.deep.equal([RST | ACK]);
          }
        });
      }

      it('gives the client a kernel of its own on the same network', () => {
        const lab = createLab({ link, client: true });
        const { server, client } = lab;
        expect(client!.namespace.inode).not.to.equal(server.namespace.inode);
        for (const family of FAMILIES) {
          expect(client!.addresses[family]).not.to.equal(server.addresses[family]);
          for (const host of [server, client!]) {
            host.link!.write(segmentTo(host, { family, flags: SYN, port: PORT }));
            expect(readAll(host)).to.have.lengthOf(1);
          }
        }
        lab.close();
      });

      it('does not see 100 others at the same time', () => {
        const labs = Array.from({ length: 100 }, () => createLab({ link }));
        const listeners = labs.map(({ server }) => listen(server));
        const peerPort = (index: number): number => 20_000 + index;
        labs.forEach(({ server }, index) =>
          server.link!.write(segmentTo(server, { family: 4, flags: SYN, port: PORT, from: peerPort(index) })),
        );
        const answers = labs.map(({ server }) => readAll(server).map(({ to, flags }) => [to.port, flags]));
        const seen = labs.map(({ server }) => server.sockets!.dump(4).map(({ remotePort }) => remotePort));
        listeners.forEach(closeFd);
        for (const lab of labs) lab.close();
        expect(answers).to.deep.equal(labs.map((_, index) => [[peerPort(index), SYN | ACK]]));
        seen.forEach((ports, index) => expect(ports).to.have.members([0, peerPort(index)]));
      });

      it('leaves no descriptor of ours open', () => {
        createLab({ link, client: true }).close();
        const before = descriptors();
        for (let count = 0; count < 100; count++) createLab({ link, client: count % 2 === 0 }).close();
        expect(descriptors()).to.deep.equal(before);
      });

      it('is not inherited by what is spawned at home or in it', () => {
        const lab = createLab({ link });
        const { namespace } = lab.server;
        const own = links().filter((name) => /^(net|socket|anon_inode):|\/dev\/net\/tun/.test(name));
        const children = [list(), namespace.run(list)];
        lab.close();
        expect(own).to.include(`net:[${namespace.inode}]`);
        for (const child of children) {
          expect(own.filter((name) => child.includes(` -> ${name}\n`))).to.deep.equal([]);
        }
      });
    });
  }

  it('can be closed twice', async () => {
    const lab = createLab();
    lab.close();
    const next = createLab();
    lab.close();
    await lab[Symbol.asyncDispose]();
    next.server.link!.write(segmentTo(next.server, { family: 4, flags: ACK, port: PORT }));
    expect(readAll(next.server)).to.have.lengthOf(1);
    next.close();
  });

  function list(): string {
    return spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'latin1' }).stdout;
  }

  function listen(host: Lab['server']): number {
    const bind = { address: parseAddress(host.addresses[4]!), port: PORT };
    const fd = tcpSocket(host.namespace, { family: 4, bind });
    tcpListen(fd, 1);
    return fd;
  }

  /** What this process has open, by kind. */
  function descriptors(): string[] {
    return links().map((name) => name.replace(/^(socket|anon_inode|pipe):.*/, '$1'));
  }

  function links(): string[] {
    return readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return []; // the folder itself
      }
    });
  }
});
