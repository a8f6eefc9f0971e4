import { expect } from 'chai';
import { parseKnown } from './known-format.ts';

const entry = {
  target: 'nginx',
  case: 'close/idle-fin',
  reason: 'by design',
  reference: 'nginx ticket 1300',
  message: 'not within',
};

describe('a known-failures file', () => {
  it('is a list of entries, with and without what is optional', () => {
    const all = { ...entry, family: 6, sometimes: true, expires: '2028-02-29' };
    expect(parseKnown({ known: [entry, all] })).to.deep.equal([entry, all]);
    expect(parseKnown({ known: [] })).to.deep.equal([]);
  });

  const errors: [unknown, string][] = [
    [[], 'it is not an object'],
    [null, 'it is not an object'],
    [{}, 'known: it is not a list'],
    [{ known: [], more: 1 }, 'more: there is no such key; its only one is known'],
    [{ known: [1] }, 'known[0]: it is not an object'],
    [{ known: [entry, { ...entry, target: '' }] }, 'known[1].target: "" is not a text'],
    [{ known: [{ ...entry, message: ' ' }] }, 'known[0].message: " " is not a text'],
    [{ known: [{ ...entry, reason: undefined }] }, 'known[0].reason: it is missing'],
    [{ known: [{ ...entry, family: '4' }] }, 'known[0].family: "4" is not 4 or 6'],
    [{ known: [{ ...entry, sometimes: 'yes' }] }, 'known[0].sometimes: "yes" is not true or false'],
    [
      { known: [{ ...entry, expires: '2027-02-29' }] },
      'known[0].expires: "2027-02-29" is not a date like 2030-01-31',
    ],
    [{ known: [{ ...entry, expires: 'soon' }] }, 'known[0].expires: "soon" is not a date like 2030-01-31'],
    [
      { known: [{ ...entry, expire: '2030-01-31' }] },
      'known[0].expire: there is no such key; there are target, case',
    ],
  ];
  for (const [json, message] of errors) {
    it(`is refused where ${message}`, () => expect(() => parseKnown(json)).to.throw(message));
  }
});
