import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import type { TabProps } from './package.js';
import { PromptPreview } from './prompt-preview.js';

/** The prompts of a version: what each takes, and what it renders to. */
export default function PromptsTab({ found: { name, versions }, version }: TabProps) {
  const prompts = Object.entries(versions[version]?.prompts ?? {});
  const search = useSearch({ from: '/package/$' });
  const [chosen] = prompts.find(([id]) => id === search.prompt) ?? prompts[0] ?? [];
  if (chosen === undefined) return <p>It has no prompts of its own.</p>;
  return (
    <div className="prompts">
      <ul className="plain" aria-label="Prompts">
        {prompts.map(([id, path]) => (
          <li key={id}>
            <Link
              to="/package/$"
              params={{ _splat: name }}
              search={{ ...search, tab: 'prompts', prompt: id }}
              aria-current={id === chosen ? 'true' : undefined}
            >
              {id}
            </Link>{' '}
            <span className="version">{path}</span>
          </li>
        ))}
      </ul>
      <Prompt key={`${version} ${chosen}`} name={name} version={version} prompt={chosen} />
    </div>
  );
}

function Prompt(path: { name: string; version: string; prompt: string }) {
  const { name, version, prompt } = path;
  const { data, error, refetch } = useQuery({
    queryKey: ['delivery', name, version, prompt],
    queryFn: ({ signal }) => call('getDelivery', { path: { name, prompt }, query: { version } }, { signal }),
  });
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what={prompt} />;
  return (
    <section aria-labelledby="prompt">
      <h3 id="prompt">{prompt}</h3>
      <PromptPreview {...path} parameters={data.content.parameters} />
    </section>
  );
}
