import type { Filter } from './filter.js';
import { renderFault } from './template-error.js';
import { isList, toJson, toText } from './value.js';

/** Filters that make text from text; any other value is written as text first. */
export const TEXT_FILTERS = {
  upper: text([], input => input.toUpperCase()),
  lower: text([], input => input.toLowerCase()),
  capitalize: text([], input => input.charAt(0).toUpperCase() + input.slice(1).toLowerCase()),
  title: text([], input =>
    input.replace(/[^\s\-([{<]+/gu, word => {
      const [first = ''] = word;
      return first.toUpperCase() + word.slice(first.length).toLowerCase();
    }),
  ),
  trim: text(['chars'], (input, call) => strip(input, call.has('chars') ? call.text('chars') : undefined)),
  replace: text(['old', 'new', 'count'], (input, call) => {
    const parts = input.split(call.text('old'));
    const fresh = call.text('new');
    const most = call.value('count') === undefined ? parts.length : call.count('count', undefined);
    call.budget.spend(parts.length);
    call.budget.text(input.length + Math.min(parts.length, most) * fresh.length);
    if (most >= parts.length - 1) return parts.join(fresh);
    return [parts.slice(0, most + 1).join(fresh), ...parts.slice(most + 1)].join(call.text('old'));
  }),
  indent: text(['width', 'first', 'blank'], (input, call) => {
    const unit = call.value('width') ?? 4;
    const margin = typeof unit === 'string' ? unit : ' '.repeat(Math.min(call.count('width', 4), 1000));
    const lines = input.split('\n');
    call.budget.text(input.length + lines.length * margin.length);
    const [first, blank] = [call.flag('first', false), call.flag('blank', false)];
    return lines
      .map((line, index) => ((index > 0 || first) && (line !== '' || blank) ? margin + line : line))
      .join('\n');
  }),
  truncate: text(['length', 'killwords', 'end', 'leeway'], (input, call) => {
    const [length, end] = [call.count('length', 255), call.text('end', '...')];
    if (input.length <= length + call.count('leeway', 5)) return input;
    const cut = input.slice(0, Math.max(0, length - end.length));
    const blank = cut.lastIndexOf(' ');
    return (call.flag('killwords', false) || blank === -1 ? cut : cut.slice(0, blank)) + end;
  }),
  center: text(['width'], (input, call) => {
    const room = Math.max(0, call.count('width', 80) - input.length);
    call.budget.text(input.length + room);
    return ' '.repeat(Math.floor(room / 2)) + input + ' '.repeat(Math.ceil(room / 2));
  }),
  wordwrap: text(['width', 'break_long_words', 'wrapstring'], (input, call) => {
    const [width, long] = [call.count('width', 79, 1), call.flag('break_long_words', true)];
    const separator = call.text('wrapstring', '\n');
    call.budget.text(input.length * (1 + separator.length));
    return input
      .split('\n')
      .map(line => wrapLine(line, width, long).join(separator))
      .join('\n');
  }),
  escape: text([], input => escapeHtml(input)),
  e: text([], input => escapeHtml(input)),
  urlencode: text([], (input, call) => {
    call.budget.text(input.length * 3);
    // As in Jinja, "/" stays: the filter is for paths.
    const encoded = encodeURIComponent(input.replace(/\p{Surrogate}/gu, '\ufffd'));
    return encoded.replaceAll('%2F', '/').replace(/[!'()*]/g, percent);
  }),
  string: text([], input => input),
  safe: text([], input => input),
  wordcount: {
    names: [],
    apply: (input, call) => toText(input, call.budget).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  },
  split: {
    names: ['separator', 'limit'],
    apply: (input, call) => {
      const source = toText(input, call.budget);
      const separator = call.value('separator') ?? null;
      if (separator === null) return source.split(/\s+/u).filter(part => part !== '');
      if (separator === '') throw renderFault('A text cannot be split at an empty text.');
      const parts = source.split(call.text('separator'));
      const limit = call.has('limit') ? call.count('limit', undefined) : parts.length;
      if (parts.length <= limit + 1) return parts;
      return [...parts.slice(0, limit), parts.slice(limit).join(call.text('separator'))];
    },
  },
  lines: { names: [], apply: (input, call) => toText(input, call.budget).split(/\r\n|\n|\r/) },
  tojson: {
    names: ['indent'],
    apply: (input, call) => {
      const indent = call.value('indent') ?? null;
      return toJson(input, call.budget, indent === null ? undefined : Math.min(call.count('indent', 0), 16));
    },
  },
  format: {
    names: Array.from({ length: 20 }, (_, index) => `argument${index + 1}`),
    apply: (input, call) => {
      let index = 0;
      return toText(input, call.budget).replace(/%(%|(?:\.(\d{1,2}))?[sdf])/g, (_, code: string, digits) => {
        if (code === '%') return '%';
        index += 1;
        const name = `argument${index}`;
        if (code.endsWith('s')) return toText(call.required(name), call.budget);
        return call.number(name).toFixed(code.endsWith('d') ? 0 : Number(digits ?? 6));
      });
    },
  },
} as const satisfies Record<string, Filter>;

function text(
  names: readonly string[],
  make: (input: string, call: Parameters<Filter['apply']>[1]) => string,
): Filter {
  return {
    names,
    apply: (input, call) => {
      const source = toText(input, call.budget);
      if (isList(input)) call.budget.spend(input.length);
      const result = make(source, call);
      call.budget.text(result.length);
      return result;
    },
  };
}

/** Drops characters at both ends: white space, or the ones given. */
export function strip(
  input: string,
  chars: string | undefined,
  side: 'both' | 'left' | 'right' = 'both',
): string {
  const drops = chars === undefined ? undefined : new Set(chars);
  const dropped = (char: string | undefined) =>
    char !== undefined && (drops ? drops.has(char) : char.trim() === '');
  let [start, end] = [0, input.length];
  if (side !== 'right') while (start < end && dropped(input[start])) start += 1;
  if (side !== 'left') while (end > start && dropped(input[end - 1])) end -= 1;
  return input.slice(start, end);
}

function escapeHtml(input: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  };
  return input.replace(/[&<>"']/g, char => entities[char] ?? char);
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function wrapLine(line: string, width: number, breakLong: boolean): string[] {
  const lines: string[] = [];
  let current = '';
  for (const whole of line.split(' ')) {
    let word = whole;
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = '';
    }
    while (breakLong && word.length > width) {
      lines.push(word.slice(0, width));
      word = word.slice(width);
    }
    current = current === '' ? word : `${current} ${word}`;
  }
  lines.push(current);
  return lines;
}
