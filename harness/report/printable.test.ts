import { expect } from 'chai';
import { printable, printableJson, printableValue } from './printable.ts';

describe('printable', () => {
  it('escapes what could script a terminal', () => {
    expect(printable('\x1b]0;owned\x07\r\nok\x7f\x9b2J')).to.equal(
      '\\x1b]0;owned\\x07\\x0d\\x0aok\\x7f\\x9b2J',
    );
  });

  it('escapes what hides or turns text: bidirectional marks, zero width, lone surrogates', () => {
    expect(printable('a\u202eb\u200bc\ud800d\u2028\u{e0001}')).to.equal(
      'a\\u202eb\\u200bc\\ud800d\\u2028\\u{e0001}',
    );
  });

  it('leaves letters of every script and our marks alone', () => {
    expect(printable('✓ 14µs grüße 日本 \\x1b')).to.equal('✓ 14µs grüße 日本 \\x1b');
  });

  it('reaches every text of a value, keys too', () => {
    const value = { 'k\x1b': ['a\x00', { b: 'c\x07', n: 1, none: null }] };
    expect(printableValue(value)).to.deep.equal({ 'k\\x1b': ['a\\x00', { b: 'c\\x07', n: 1, none: null }] });
  });

  it('writes JSON that shows nothing unprintable and reads back the same', () => {
    const value = { banner: '\x1b[2J\x9b\u202e\u{e0001}\n"' };
    const text = printableJson(value);
    expect(text.replaceAll('\n', '')).to.match(/^[\x20-\x7e]+$/);
    expect(JSON.parse(text)).to.deep.equal(value);
  });
});
