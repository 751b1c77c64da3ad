// The queue in front of a network: order, bounds, retries, and an end to all waiting.

import { describe, expect, test } from 'vitest';
import { Outbox, type OutboxOptions, type Transport } from '../../../src/logging/deliver/outbox.ts';

/** A link that does what a test says, and notes what was sent. */
class FakeLink implements Transport {
  readonly joins: boolean;
  readonly sent: string[] = [];
  readonly calls: string[] = [];
  /** What `open` and `send` do, where they do not simply succeed. */
  onOpen: (() => Promise<void>) | null = null;
  onSend: ((text: string) => Promise<void>) | null = null;
  #fail: ((error: Error) => void) | null = null;

  constructor(joins = false) {
    this.joins = joins;
  }

  async open(): Promise<void> {
    this.calls.push('open');
    await this.onOpen?.();
  }

  async send(bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString();
    await this.onSend?.(text);
    this.sent.push(text);
  }

  destroy(error: Error): void {
    this.calls.push('destroy');
    this.#fail?.(error);
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  /** Waits until `destroy`. */
  hang = (): Promise<void> => new Promise((_, reject) => (this.#fail = reject));
}

function outbox(link: Transport, options: OutboxOptions = {}): { box: Outbox; errors: string[] } {
  const errors: string[] = [];
  const box = new Outbox(link, options, (error) => errors.push(error.message));
  return { box, errors };
}

const refuse = (): Promise<void> => Promise.reject(new Error('refused'));

describe('messages', () => {
  test.each([
    [true, ['onetwoé\\udce9']],
    [false, ['one', 'two', 'é\\udce9']],
  ])('are sent in order, and where they join (%s) together', async (joins, sent) => {
    const link = new FakeLink(joins);
    const { box } = outbox(link);
    for (const message of ['one', 'two', 'é\udce9']) box.push(message, 'INFO');
    await box.flush();
    expect(link.sent).toEqual(sent);
  });

  test('beyond the bytes that may wait are dropped, and counted by level', async () => {
    const link = new FakeLink();
    const { box } = outbox(link, { maxPending: 5 });
    for (const [message, level] of [
      ['123', 'INFO'],
      ['éé', 'ERROR'],
      ['45', 'INFO'],
      ['6', 'DEBUG'],
    ] as const) {
      box.push(message, level);
    }
    await box.flush();
    box.push('7', 'INFO');
    await box.flush();
    expect([link.sent, [...box.dropped]]).toEqual([
      ['123', '45', '7'],
      [
        ['ERROR', 1],
        ['DEBUG', 1],
      ],
    ]);
  });
});

describe('what cannot be sent', () => {
  test.each(['onOpen', 'onSend'] as const)('waits, is reported once, and goes out later (%s)', async (step) => {
    const link = new FakeLink();
    link[step] = refuse;
    const { box, errors } = outbox(link);
    box.push('one', 'INFO');
    await expect(box.flush()).rejects.toThrow('refused');
    await expect(box.flush()).rejects.toThrow('refused');
    link[step] = null;
    box.push('two', 'INFO');
    await box.flush();
    expect([link.sent, errors, box.dropped.size]).toEqual([['one', 'two'], ['refused'], 0]);
    link[step] = refuse;
    box.push('three', 'INFO');
    await expect(box.flush()).rejects.toThrow('refused');
    expect(errors).toEqual(['refused', 'refused']);
  });

  test('at any of several addresses is reported by the last of them', async () => {
    const link = new FakeLink();
    link.onOpen = () => Promise.reject(new AggregateError(['::1', '127.0.0.1'].map((host) => new Error(host))));
    const { box, errors } = outbox(link);
    box.push('one', 'INFO');
    await expect(box.flush()).rejects.toThrow('127.0.0.1');
    expect(errors).toEqual(['127.0.0.1']);
  });

  test.each(['onOpen', 'onSend'] as const)('because nobody answers fails in time (%s)', async (step) => {
    const link = new FakeLink();
    link[step] = link.hang;
    const { box, errors } = outbox(link, { timeout: 1 });
    box.push('one', 'INFO');
    await expect(box.flush()).rejects.toThrow('no answer within 1 ms');
    expect([errors, link.calls.includes('destroy')]).toEqual([['no answer within 1 ms'], true]);
  });
});

describe('closing', () => {
  test('sends what is pending first; a later message opens the link again', async () => {
    const link = new FakeLink();
    const { box } = outbox(link);
    box.push('one', 'INFO');
    await box.close();
    box.push('two', 'INFO');
    await box.close();
    expect([link.sent, link.calls]).toEqual([
      ['one', 'two'],
      ['open', 'close', 'open', 'close'],
    ]);
  });

  test('and sending leave nothing behind that would break the link later', async () => {
    const link = new FakeLink();
    const { box } = outbox(link, { timeout: 100 });
    box.push('one', 'INFO');
    await box.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(link.calls).toEqual(['open', 'close']);
  });

  test('tries once more, and counts what is lost', async () => {
    const link = new FakeLink();
    link.onOpen = refuse;
    const { box } = outbox(link);
    box.push('one', 'INFO');
    box.push('two', 'ERROR');
    await expect(box.close()).rejects.toThrow('refused');
    expect([...box.dropped]).toEqual([
      ['INFO', 1],
      ['ERROR', 1],
    ]);
    link.onOpen = null;
    await box.close();
    expect(link.sent).toEqual([]);
  });

  test('ends in time where each message is given up only when it must be', async () => {
    const link = new FakeLink();
    link.onSend = () => link.hang().catch(() => {}); // as an HTTP request that was sent, and is not to be repeated
    const { box } = outbox(link, { timeout: 20 });
    for (let count = 0; count < 1000; count++) box.push('x', 'INFO');
    await expect(box.close()).rejects.toThrow('not everything was sent within 20 ms');
    expect(link.sent.length).toBeLessThan(10);
    expect((box.dropped.get('INFO') ?? 0) + link.sent.length).toBe(1000);
    link.onSend = null;
    box.push('late', 'INFO');
    await box.close();
    expect(link.sent.at(-1)).toBe('late');
  });
});
