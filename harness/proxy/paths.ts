import { posix } from 'node:path';

/** The decoded path of a request's target, without the query; null where a percent sign is followed by no byte. */
export function pathOf(target: string): string | null {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
  if (/%(?![0-9a-f]{2})/i.test(path)) return null;
  // Byte by byte: what comes out need not be UTF-8.
  const bytes = path.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** The path without `//`, `/./` and `/../`; a slash at its end stays. */
export function canonicalPath(path: string): string {
  const clean = posix.normalize(`/${path}`);
  return clean.startsWith('//') ? clean.slice(1) : clean;
}

/** Whether `/proxies/{proxy}` matches, and with what in the braces. */
export function matchPath(pattern: string, path: string): readonly string[] | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const found: string[] = [];
  for (const [at, segment] of wanted.entries()) {
    const word = given[at]!;
    if (!segment.startsWith('{')) {
      if (word !== segment) return null;
    } else if (word === '') {
      return null;
    } else {
      found.push(word);
    }
  }
  return found;
}
