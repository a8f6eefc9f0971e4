/** The longest time that a timer can be set to, and the greatest value of an int32: 24.8 days in milliseconds. */
const INT32 = 2 ** 31 - 1;

export const milliseconds = { kind: 'integer', default: 0, min: 0, max: INT32, unit: 'ms' } as const;
export const microseconds = { kind: 'integer', default: 0, min: 0, max: INT32, unit: 'µs' } as const;
export const byteCount = {
  kind: 'integer',
  default: 0,
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  unit: 'bytes',
} as const;
/** 1 KB is 1000 bytes. */
export const kilobytesPerSecond = {
  kind: 'integer',
  default: 0,
  min: 0,
  max: INT32,
  unit: 'KB/s',
} as const;
export const share = { kind: 'float', default: 0, min: 0, max: 1, unit: '' } as const;
export const count = { kind: 'integer', default: 0, min: 0, max: INT32, unit: '' } as const;

/** One word of several; the first is the default. */
export function choice<const T extends readonly [string, ...string[]]>(...choices: T) {
  return { kind: 'string', default: choices[0], choices, unit: '' } as const;
}
