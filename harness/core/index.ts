export { breathe } from './breathe.ts';
export { nowUs } from './clock.ts';
export { CloseWaitError, ERRORS, messageOf, type ErrorCode, type ErrorEntry } from './errors.ts';
export { random, type Random } from './random.ts';
export { shellQuote } from './shell-quote.ts';
export { VERSION } from './version.ts';
