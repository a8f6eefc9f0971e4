import { acceptQueue, type WireCase } from '#case';

/** The most that are under way at a time, whatever the backlog. */
const MOST = 64;
/** How many connections may be in the making at a time, so that the accept queue never overflows by our haste. */
export function widthFor(t: WireCase): number {
  const { capacity, listeners } = acceptQueue(t);
  return Math.min(Math.floor(capacity / listeners), MOST);
}

/** Does `work` for 0 to `count` - 1, `width` at a time, until it returns false. @returns how many were begun */
export async function crowd(
  count: number,
  width: number,
  work: (index: number) => Promise<boolean>,
): Promise<number> {
  let begun = 0;
  let goesOn = true;
  const worker = async (): Promise<void> => {
    while (goesOn && begun < count) if (!(await work(begun++))) goesOn = false;
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
  return begun;
}

/** Something that goes on while the case does something else: that it has failed is told when it is awaited, and not before. */
export function aside<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
