import { useInput } from 'ink';
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef } from 'react';
import { type KeyName, keyNames } from './keys.js';

/** Takes a key, or leaves it to what lies below. @returns whether it was taken */
export type KeyHandler = (key: KeyName) => boolean;

/** What lies over what: the topmost is asked first. */
export type KeyLayer = 'shell' | 'tab' | 'section' | 'field' | 'dialog';

const LAYERS: readonly KeyLayer[] = ['dialog', 'field', 'section', 'tab', 'shell'];

interface Listener {
  readonly layer: KeyLayer;
  readonly handle: KeyHandler;
}

const Listeners = createContext<Set<Listener>>(new Set());

/** More keys at once than anybody types ahead are a text that was pasted. */
const PASTED = 16;

/** Reads the keyboard, and gives each key to the topmost layer that takes it. */
export function KeyLayers({ children }: { readonly children: ReactNode }) {
  const listeners = useMemo(() => new Set<Listener>(), []);
  const waiting = useRef<KeyName[]>([]);
  const next = () => {
    const key = waiting.current.shift();
    if (key === undefined) return;
    give(listeners, key);
    if (waiting.current.length > 0) setImmediate(next);
  };
  useInput((input, pressed) => {
    const keys = keyNames(input, pressed);
    const isWaiting = waiting.current.length > 0;
    if (keys.length > PASTED && !isWaiting) {
      for (const key of keys) give(listeners, key);
      return;
    }
    // What one key opens is there before the next one comes to it.
    waiting.current.push(...keys);
    if (!isWaiting) next();
  });
  return <Listeners.Provider value={listeners}>{children}</Listeners.Provider>;
}

/** Listens for keys in a layer. @param active false leaves them all to what lies below */
export function useKeys(layer: KeyLayer, handle: KeyHandler, active = true): void {
  const listeners = useContext(Listeners);
  const latest = useRef(handle);
  latest.current = handle;
  useLayoutEffect(() => {
    if (!active) return;
    const listener: Listener = { layer, handle: key => latest.current(key) };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listeners, layer, active]);
}

function give(listeners: ReadonlySet<Listener>, key: KeyName): void {
  for (const layer of LAYERS) {
    for (const listener of [...listeners]) if (listener.layer === layer && listener.handle(key)) return;
  }
}
