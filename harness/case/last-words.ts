/** What a server that died had to say: its last lines, from the one on that names an error, where one does. */
export function lastWords(log: readonly string[]): readonly string[] {
  const start = log.findLastIndex((line) => /\b\w*(Error|Exception)\b|\bpanic\b|\bfatal\b/i.test(line));
  return start < 0 ? log.slice(-5) : log.slice(start, start + 5);
}
