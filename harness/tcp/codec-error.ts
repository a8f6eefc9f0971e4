import { CloseWaitError } from '#core';

/**
 * The error for bytes that mean nothing.
 * @param field as the views name it: `tcp.dataOffset`
 * @param at where the field starts, in bytes from the start of its own header
 */
export function undecodable(field: string, at: number, value: number, problem: string): CloseWaitError {
  return new CloseWaitError('CW_DECODE', `${field} at byte ${at} is ${value}: ${problem}`);
}

/** @throws CW_ENCODE when `value` is not a whole number from 0 to `max` */
export function mustFit(field: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new CloseWaitError('CW_ENCODE', `${field} is ${value}: not a whole number from 0 to ${max}`);
  }
}
