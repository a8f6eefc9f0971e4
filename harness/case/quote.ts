/** A request as a person would write it: its first line, in quotes. */
export function quote(bytes: string | Uint8Array): string {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
  return `'${text.split(/\r?\n/, 1)[0] ?? ''}'`;
}
