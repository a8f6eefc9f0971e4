/** A message as the reason of a verdict, which is one line: the lines of the message are kept apart by bars. */
export function oneLine(message: string): string {
  return message.trim().replaceAll(/:?\s*\n\s*/g, (end) => (end.startsWith(':') ? ': ' : ' | '));
}
