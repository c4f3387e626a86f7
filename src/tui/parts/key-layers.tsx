import { useInput } from 'ink';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
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

/** Reads the keyboard, and gives each key to the topmost layer that takes it. */
export function KeyLayers({ children }: { readonly children: ReactNode }) {
  const listeners = useMemo(() => new Set<Listener>(), []);
  useInput((input, pressed) => {
    for (const key of keyNames(input, pressed)) give(listeners, key);
  });
  return <Listeners.Provider value={listeners}>{children}</Listeners.Provider>;
}

/** Listens for keys in a layer. @param active false leaves them all to what lies below */
export function useKeys(layer: KeyLayer, handle: KeyHandler, active = true): void {
  const listeners = useContext(Listeners);
  const latest = useRef(handle);
  latest.current = handle;
  useEffect(() => {
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
