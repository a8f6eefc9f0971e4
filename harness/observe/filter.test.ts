import { expect } from 'chai';
import { rowFilter } from './filter.ts';
import { parseSs } from './parse-ss.ts';

const [row] = parseSs('TIME-WAIT 0 0 [::ffff:198.18.0.1]:80 [::ffff:198.18.1.1]:5000');

describe('observe: filter', () => {
  it('lets everything pass that it does not name', () => {
    expect(rowFilter({})(row!)).to.equal(true);
    expect(rowFilter({ local: { port: 80 }, remote: { address: '198.18.1.1' } })(row!)).to.equal(true);
  });

  it('takes any spelling of an address', () => {
    expect(rowFilter({ local: { address: '::ffff:c612:1' } })(row!)).to.equal(true);
    expect(() => rowFilter({ local: { address: 'localhost' } }))
      .to.throw()
      .with.property('code', 'CW_ADDRESS');
  });

  it('refuses by each field', () => {
    for (const filter of [
      { family: 6 },
      { state: 'ESTABLISHED' },
      { local: { address: '198.18.0.2' } },
      { local: { port: 81 } },
      { remote: { address: '198.18.0.1' } },
      { remote: { port: 80 } },
    ] as const) {
      expect(rowFilter(filter)(row!), JSON.stringify(filter)).to.equal(false);
    }
  });
});
