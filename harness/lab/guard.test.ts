import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { closeHub, closePremises, createLab, findDefaultRoute, requireNoDefaultRoute } from './index.ts';
import { needsLab } from './testing/needs.ts';

const HEAD_4 = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const LAB_4 = `${HEAD_4}wire0\t000012C6\t00000000\t0001\t0\t0\t0\t0000FEFF\t0\t0\t0\n`;
const row6 = (fields: string): string => `${fields}\n`;
const ZERO = '0'.repeat(32);
const LAB_6 = [
  `20010db8000000000000000000000000 20 ${ZERO} 00 ${ZERO} 00000100 00000001 00000000 00000001    wire0`,
  `${ZERO.slice(1)}1 80 ${ZERO} 00 ${ZERO} 00000000 00000002 00000000 80200001       lo`,
  `20010db8000000000000000000000001 80 ${ZERO} 00 ${ZERO} 00000000 00000002 00000000 80200001    wire0`,
  `ff000000000000000000000000000000 08 ${ZERO} 00 ${ZERO} 00000100 00000002 00000000 00000001    wire0`,
  // The kernel's own entry for everything else: unreachable, by lo.
  `${ZERO} 00 ${ZERO} 00 ${ZERO} ffffffff 00000001 00000000 00200200       lo`,
].map(row6);

describe('lab: the guard against a way out', () => {
  describe('reads the tables of /proc/net', () => {
    const found = (name: string, four: string, six: string, device: string | null) =>
      it(name, () => expect(findDefaultRoute(four, six)).to.equal(device));

    found('of a lab: none', LAB_4, LAB_6.join(''), null);
    found('of a kernel without IPv6: none', LAB_4, '', null);
    found('empty ones: none', HEAD_4, '', null);
    found(
      'with a gateway',
      `${HEAD_4}eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n`,
      '',
      'eth0',
    );
    found(
      'by a device, without a gateway',
      `${LAB_4}tun7\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n`,
      '',
      'tun7',
    );
    found('unreachable: none', `${LAB_4}*\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n`, '', null);
    found(
      'of 0.0.0.0/8, which is not all: none',
      `${HEAD_4}eth0\t00000000\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n`,
      '',
      null,
    );
    found(
      'IPv6, behind the reject route',
      LAB_4,
      [
        ...LAB_6,
        row6(
          `${ZERO} 00 ${ZERO} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0`,
        ),
      ].join(''),
      'eth0',
    );
    found(
      'IPv6 by a device',
      HEAD_4,
      row6(`${ZERO} 00 ${ZERO} 00 ${ZERO} 00000400 00000001 00000000 00000001     ppp0`),
      'ppp0',
    );
  });

  describe('in a lab', () => {
    before(function () {
      needsLab(this);
    });
    before(function () {
      if (spawnSync('ip', ['-V']).error !== undefined) this.skip();
    });
    after(() => {
      closeHub();
      closePremises();
    });

    for (const [family, args] of [
      ['IPv4', ['route', 'add', 'default', 'dev', 'wire0']],
      ['IPv6', ['-6', 'route', 'add', 'default', 'dev', 'wire0']],
    ] as const) {
      it(`refuses a default route of ${family} that was planted there`, () => {
        const lab = createLab();
        const { namespace } = lab.server;
        requireNoDefaultRoute(namespace);
        expect(namespace.run(() => spawnSync('ip', args)).status).to.equal(0);
        expect(() => requireNoDefaultRoute(namespace))
          .to.throw(`network namespace ${namespace.inode} has a default route by wire0`)
          .with.property('code', 'CW_DEFAULT_ROUTE');
        lab.close();
      });
    }
  });
});
