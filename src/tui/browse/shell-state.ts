import type { BrowseProgress } from '../../ops/browse/session.js';
import type { Notice } from './tab.js';

/** What is around the tabs. */
export interface ShellState {
  /** Index of the tab that is seen. */
  readonly tab: number;
  readonly tabs: number;
  readonly help: boolean;
  readonly offline: boolean;
  readonly notice: Notice | undefined;
  /** The change that is being made. */
  readonly job: { readonly label: string; readonly progress: BrowseProgress | undefined } | undefined;
  readonly question: string | undefined;
  /** How many fields take what is typed. */
  readonly fields: number;
  /** Grows with each change of the project. */
  readonly revision: number;
  readonly undo: string | undefined;
}

export type ShellAction =
  | { readonly type: 'tab'; readonly index: number }
  | { readonly type: 'next-tab'; readonly step: 1 | -1 }
  | { readonly type: 'help'; readonly shown: boolean }
  | { readonly type: 'offline'; readonly offline: boolean }
  | { readonly type: 'notice'; readonly notice: Notice | undefined }
  | { readonly type: 'job'; readonly label: string }
  | { readonly type: 'progress'; readonly progress: BrowseProgress }
  | { readonly type: 'done'; readonly notice: Notice; readonly undo: string | undefined }
  | { readonly type: 'typing'; readonly step: 1 | -1 }
  | { readonly type: 'question'; readonly question: string | undefined };

/** @param tabs how many there are */
export function openShell(tabs: number): ShellState {
  return {
    tab: 0,
    tabs,
    help: false,
    offline: false,
    notice: undefined,
    job: undefined,
    question: undefined,
    fields: 0,
    revision: 0,
    undo: undefined,
  };
}

/** The shell after something happened. */
export function shellReducer(state: ShellState, action: ShellAction): ShellState {
  switch (action.type) {
    case 'tab':
      return action.index < state.tabs ? { ...state, tab: action.index, help: false } : state;
    case 'next-tab':
      return { ...state, tab: (state.tab + action.step + state.tabs) % state.tabs, help: false };
    case 'help':
      return { ...state, help: action.shown };
    case 'offline':
      return { ...state, offline: action.offline };
    case 'notice':
      return { ...state, notice: action.notice };
    case 'job':
      return { ...state, job: { label: action.label, progress: undefined }, notice: undefined };
    case 'progress':
      return state.job ? { ...state, job: { ...state.job, progress: action.progress } } : state;
    case 'done':
      return {
        ...state,
        job: undefined,
        notice: action.notice,
        undo: action.undo,
        revision: state.revision + 1,
      };
    case 'typing':
      return { ...state, fields: state.fields + action.step };
    case 'question':
      return { ...state, question: action.question };
  }
}
