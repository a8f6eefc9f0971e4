/** Control, format (bidirectional marks, zero width), lone surrogate, line and paragraph separator. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text that a terminal only shows: a server's banner or log line must not move the cursor, set the title or hide
 * what stands next to it. Control characters become `\x1b`, others `\u202e`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    const code = char.codePointAt(0)!;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same value with every text in it made {@link printable}: reports start here, so no field can be forgotten. */
export function printableValue<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(printableValue) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [printable(key), printableValue(item)]),
  ) as T;
}

/** JSON, indented, in which unprintable characters are `\u` escapes: the same value, safe to show in a terminal. */
export function printableJson(value: unknown): string {
  const units = (text: string): string =>
    Array.from(
      { length: text.length },
      (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join('');
  return `${JSON.stringify(value, null, 2).replace(UNPRINTABLE, (char) => (char === '\n' ? char : units(char)))}\n`;
}
