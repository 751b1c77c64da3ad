// A stream to frames, and frames with a signature.

export {
  FRAME_ALLOWANCE_BYTES,
  FRAME_BYTES_DEFAULT,
  FRAME_BYTES_MAX,
  type FrameBudget,
  FrameReader,
  type FrameReaderOptions,
  FramingError,
} from './frame-reader.ts';
export {
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  isSigned,
  type SignatureFault,
} from './frame-verifier.ts';
export { KeyFileError, readKeyFile } from './key-file.ts';
export type { LikelyProtocol } from './likely-protocol.ts';
