import type { Budget } from './budget.js';
import type { ItemFilter } from './filter-table.js';
import { at } from './list-filters.js';
import { asString } from './signature.js';
import { renderFault } from './template-error.js';
import { type CallArguments, isTrue, itemsOf, type Value } from './value.js';

/** What the filters over items need from the evaluator. */
interface Applier {
  readonly budget: Budget;
  filter(name: string, input: Value, args: CallArguments): Value;
  test(name: string, value: Value, args: CallArguments): boolean;
}

/**
 * `map("upper")`, `map(attribute="name")`, `select("odd")`, `reject(…)`, `selectattr("done")`,
 * `selectattr("price", "gt", 10)`, `rejectattr(…)`.
 */
export function applyToItems(
  applier: Applier,
  name: ItemFilter,
  { input, args }: { input: Value; args: CallArguments },
): Value {
  const items = itemsOf(input, applier.budget);
  const [first, ...rest] = args.positional;
  applier.budget.spend(items.length * 10);
  if (name === 'map') return mapItems(applier, items, args);
  const byAttribute = name === 'selectattr' || name === 'rejectattr';
  if (byAttribute && first === undefined)
    throw renderFault(`The filter "${name}" needs the name of an attribute.`);
  const [test, ...testArguments] = byAttribute ? rest : args.positional;
  const wanted = name === 'select' || name === 'selectattr';
  return items.filter(item => {
    const value = byAttribute ? at(item, first) : item;
    const passed = { positional: testArguments, named: args.named };
    const holds = test === undefined ? isTrue(value) : applier.test(asString(test, 'A test'), value, passed);
    return holds === wanted;
  });
}

function mapItems(applier: Applier, items: readonly Value[], args: CallArguments): Value[] {
  const attribute = args.named.get('attribute');
  if (attribute !== undefined) return items.map(item => at(item, attribute, args.named.get('default')));
  const [filter, ...positional] = args.positional;
  if (filter === undefined) throw renderFault('The filter "map" needs a filter or "attribute".');
  const name = asString(filter, 'The filter to map');
  return items.map(item => applier.filter(name, item, { positional, named: args.named }));
}
