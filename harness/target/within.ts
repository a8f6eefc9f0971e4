/** Resolves when `promise` does, and after `ms` at the latest; leaves no timer behind. @returns whether it was in time */
export function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => resolve(false), ms);
    promise.then(() => resolve(true), reject).finally(() => clearTimeout(deadline));
  });
}
