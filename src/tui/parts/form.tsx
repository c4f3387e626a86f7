import { Box } from 'ink';
import { cleanLine, fitted, shortened } from './clean-text.js';
import type { FormState } from './form-state.js';
import { LineView } from './line-view.js';
import { settled } from './list-state.js';
import { TextField } from './text-field.js';

export interface FormProps {
  readonly form: FormState;
  readonly width: number;
  /** Lines for the fields, and one more for the hint of the one that is typed in. */
  readonly rows: number;
  readonly active: boolean;
}

/** A form whose field that is typed in is always seen. */
export function Form({ form, width, rows, active }: FormProps) {
  const { fields, at } = form;
  const room = Math.max(1, rows - 1);
  const { top } = settled(
    { cursor: at, top: Math.max(0, at - room + 1) },
    { length: fields.length, rows: room },
  );
  const label = Math.min(24, Math.max(4, ...fields.map(({ name }) => name.length)));
  return (
    <Box flexDirection="column" height={rows} overflowY="hidden">
      {fields.slice(top, top + room).map((one, index) => (
        <TextField
          key={one.name}
          label={`${active && top + index === at ? '>' : ' '} ${fitted(one.name, label)}`}
          field={one.field}
          width={width}
          active={active && top + index === at}
          placeholder={one.placeholder}
        />
      ))}
      <LineView
        line={[{ text: shortened(`    ${cleanLine(fields[at]?.hint ?? '')}`, width), tone: 'dim' }]}
      />
    </Box>
  );
}
