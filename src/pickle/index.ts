// picklewire/pickle: decoding pickles from strangers, and making pickles of data. Knows no log record, no socket and no
// file.

export type { ByteStream, PickleSource } from './chunks.ts';
export {
  type DisassembleOptions,
  DisassemblyError,
  disassemble,
  disassembleAll,
  disassembleLines,
} from './disassemble/disassemble.ts';
export { type PickleOptions, pickle } from './encode/pickle.ts';
export { PickleError, type PickleErrorCode, type PickleErrorDetails, pickleErrorCodes } from './errors.ts';
export { type AllowedGlobal, type ConstructContext, inertGlobal, type UnknownGlobals } from './globals.ts';
export { type JSONOptions, toJSON } from './json/json.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { type ArgumentKind, type Opcode, opcodeName, opcodes } from './opcodes.ts';
export type { Strings, UnpickleOptions } from './options.ts';
export { type ReprOptions, repr, str } from './repr/repr.ts';
export { safeGlobals } from './safe-globals.ts';
export type { ScanLimits } from './scan/machine.ts';
export type { GlobalFinding, PersistentIdFinding, ScanProblem, ScanReport } from './scan/report.ts';
export { defaultScanLimits, type ScanOptions, scan, scanStream } from './scan/scan.ts';
export { PickleDecoder, unpickle } from './unpickle.ts';
export { unpickleStream } from './unpickle-stream.ts';
export { Unpickler } from './unpickler.ts';
export * from './values/index.ts';
