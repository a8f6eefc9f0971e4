import { expect } from 'chai';
import { linkIndex, LO, Namespace, NetlinkError, withRoutes } from './index.ts';
import { encodeAttributes } from './netlink.ts';
import { needsNamespaces } from './testing/needs.ts';

describe('sys: netlink', () => {
  it('writes attributes padded to four bytes, with their length unpadded (netlink(7))', () => {
    expect(encodeAttributes([[3, 'lo']]).toString('hex')).to.equal('070003006c6f0000');
    expect(encodeAttributes([[4, 1500]]).toString('hex')).to.equal('08000400dc050000');
    expect(encodeAttributes([[1, Uint8Array.of(9)]]).toString('hex')).to.equal('0500010009000000');
  });

  it('nests attributes', () => {
    const nest = encodeAttributes([[18, [[1, 'veth']]]]);
    expect(nest.toString('hex')).to.equal('10001200090001007665746800000000');
  });

  describe('in a namespace', () => {
    let namespace: Namespace;
    before(function () {
      needsNamespaces(this);
    });
    beforeEach(() => {
      namespace = Namespace.create();
    });
    afterEach(() => namespace.close());

    const refused = (work: () => void): NetlinkError => {
      try {
        namespace.run(work);
      } catch (error) {
        return error as NetlinkError;
      }
      throw new Error('it was not refused');
    };

    it('names what the kernel refused, and its errno', () => {
      const error = refused(() => withRoutes((routes) => routes.up(99)));
      expect(error).to.be.instanceOf(NetlinkError).and.to.include({ code: 'CW_NETLINK', errno: 'ENODEV' });
      expect(error.message).to.equal('link 99 up: ENODEV');
    });

    it('does not make the same thing twice', () => {
      const address = Uint8Array.of(127, 0, 0, 1);
      const add = () =>
        withRoutes((routes) => {
          routes.up(LO);
          routes.addAddress(LO, address, 8);
        });
      expect(refused(add).errno).to.equal('EEXIST');
    });

    it('makes a veth pair across namespaces, which goes with either end', async () => {
      const other = Namespace.create();
      namespace.run(() => withRoutes((routes) => routes.addVeth('near', 'far', other)));
      expect(namespace.run(() => linkIndex('near'))).to.be.above(LO);
      expect(other.run(() => linkIndex('far'))).to.be.above(LO);
      other.close();
      const deadline = performance.now() + 3000;
      const isGone = () => {
        try {
          namespace.run(() => linkIndex('near'));
          return false;
        } catch {
          return true;
        }
      };
      while (!isGone() && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(isGone()).to.equal(true);
    });
  });
});
