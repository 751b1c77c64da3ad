// Stops reading a socket at once, and starts again. The one place that reaches below Node's documented interface; knows
// nothing of why.

import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';

/** What a socket has below it: one of libuv's streams, or TLS above one. Both methods return 0, or an error of libuv's. */
interface Handle {
  readonly reading: boolean;
  readStop(): number;
  readStart(): number;
}

/**
 * Has no more read from a socket. What TLS has decrypted by then still comes as 'data'; the rest, an end or an error
 * among it, waits in the kernel.
 *
 * `socket.pause()` is not enough: it stops who listens, and one more chunk of 64 KiB of every socket that has one is read
 * into memory first. This is what Node does when a stream is full (`onStreamRead` in
 * lib/internal/stream_base_commons.js), and after it libuv passes over the socket even where the kernel has reported it
 * already (`uv__io_poll`, src/unix/linux.c). Where a handle cannot do that, `pause()` it is.
 */
export function stopReading(socket: Socket): void {
  const handle = handleOf(socket);
  // `reading` stays true: with false, Node would take it for a stream that was full, and start it after the next chunk.
  if (handle?.reading === true) handle.readStop();
  else socket.pause();
}

/** Has a socket read again that `stopReading` was called for. */
export function startReading(socket: Socket): void {
  const handle = handleOf(socket);
  if (socket.isPaused() || handle === null) {
    socket.resume();
    return;
  }
  const status = handle.readStart();
  // Already: Node has started it, where what TLS had left filled the stream for a moment.
  if (status < 0 && getSystemErrorName(status) !== 'EALREADY') {
    socket.destroy(new Error(`the socket cannot be read any more: ${getSystemErrorName(status)}`));
  }
}

/** The handle, where it has what is needed; null in other runtimes, and once the socket is closed. */
function handleOf(socket: Socket): Handle | null {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Partial<Handle> | null };
  if (typeof handle?.readStop !== 'function' || typeof handle.readStart !== 'function') return null;
  return handle as Handle;
}
