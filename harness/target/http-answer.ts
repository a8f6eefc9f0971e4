import type { Reply } from './contract.ts';

/** A whole answer to a GET by any server of HTTP/1: its end is found as RFC 9112 §6.3 says. */
export const wholeHttpAnswer: Reply = {
  test(received) {
    const head = /^HTTP\/1\.[01] (\d{3})[^]*?\r\n\r\n/.exec(received);
    if (head === null) return false;
    const status = Number(head[1]);
    if (status < 200) return wholeHttpAnswer.test(received.slice(head[0].length));
    const body = received.slice(head[0].length);
    if (status === 204 || status === 304) return true;
    if (/^transfer-encoding:.*\bchunked\s*$/im.test(head[0]))
      return /(^|\r\n)0(;[^\r]*)?\r\n([^\r]+\r\n)*\r\n$/.test(body);
    const length = /^content-length:\s*(\d+)\s*$/im.exec(head[0])?.[1];
    // Without either, the end of the connection ends it: that much has come which tells that it answers.
    return length === undefined || body.length >= Number(length);
  },
  toString: () => 'a whole answer of HTTP',
};
