export type { DoctorItem, DoctorReport, ExecOptions, Io, Registry, Stream } from './contract.ts';
export { examineMachine } from './machine.ts';
export { main } from './main.ts';
