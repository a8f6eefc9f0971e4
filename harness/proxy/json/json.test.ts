import { expect } from 'chai';
import { random } from '#core';
import { asFloat32, asInteger, fieldOf, JsonError, type JsonObject, parseFirst, type Json } from './index.ts';

const attempt = (text: string): string => {
  try {
    parseFirst(text);
    return '';
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return `${error.offset} ${error.message}`;
  }
};
const valueOf = (text: string): Json => parseFirst(text).value;

describe('JSON as requests have it', () => {
  it('is read to the end of its first value', () => {
    for (const text of ['{}', ' [1, {"a": "b\\n"}]', '"x"', 'true', '-1.5e3']) {
      expect(parseFirst(`${text} tail`).end, text).to.equal(text.length);
    }
  });

  const wrong: [string, string][] = [
    ['', '0 EOF'],
    ['  ', '2 EOF'],
    ['{', '1 unexpected EOF'],
    ['"a', '2 unexpected EOF'],
    ['g', `0 invalid character "g" looking for beginning of value`],
    ['{a', `1 invalid character "a" looking for beginning of object key string`],
    ['{"a" 1', `5 invalid character "1" after object key`],
    ['{"a":1;', `6 invalid character ";" after object key:value pair`],
    ['[1 2', `3 invalid character "2" after array element`],
    ['"\t"', '0 invalid character in string literal'],
    ['"\\x"', '0 invalid character in string literal'],
    ['['.repeat(200), '101 exceeded max depth'],
  ];
  for (const [text, message] of wrong) {
    it(`says where and why ${JSON.stringify(text.slice(0, 20))} is none`, () => {
      expect(attempt(text)).to.equal(message);
    });
  }

  it('keeps how a number was written', () => {
    expect(asInteger(valueOf('12'), 'x')).to.equal(12);
    expect(Object.is(asInteger(valueOf('-0'), 'x'), 0)).to.equal(true);
    for (const text of ['1.0', '1e3', '"1"', 'null', '9007199254740993']) {
      expect(() => asInteger(valueOf(text), 'the path'), text).to.throw(JsonError, 'the path');
    }
  });

  it('shortens a number to single precision', () => {
    for (const [text, shown] of [
      ['0.1', 0.1],
      ['0.123456789', 0.12345679],
      ['16777217', 16777216],
      ['0', 0],
      ['1e-50', 0],
    ] as const)
      expect(asFloat32(valueOf(text), 'x'), text).to.equal(shown);
    expect(() => asFloat32(valueOf('1e39'), 'x')).to.throw(JsonError, 'too large');
  });

  it('finds a field in any case; the last one counts, and null does not', () => {
    const object = valueOf('{"Name":"a","NAME":"b","name":null}') as JsonObject;
    expect(fieldOf(object, 'name')).to.equal('b');
  });

  it('reads what JSON.parse reads, and nothing else', () => {
    const chance = random(7);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '.5',
      'e9',
      'true',
      'null',
      ' ',
      '\\',
      '"',
      '0',
    ];
    for (let round = 0; round < 5000; round++) {
      const text = Array.from(
        { length: 1 + chance.below(8) },
        () => pieces[chance.below(pieces.length)],
      ).join('');
      let whole = true;
      try {
        JSON.parse(text);
      } catch {
        whole = false;
      }
      const failed = attempt(text) !== '';
      const ours = !failed && text.slice(parseFirst(text).end).trim() === '';
      expect(ours, text).to.equal(whole);
    }
  });
});
