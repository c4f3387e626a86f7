import { createPromptClient } from '#prompd/client/index.js';

// Run as a process of its own: gets prompts into a shared folder until it is killed.
const [registry = '', cacheDir = ''] = process.argv.slice(2);
for (let round = 0; round < 500; round++) {
  const client = createPromptClient({ registry, cacheDir, events: false, deadlineMs: 5_000 });
  for (const version of ['1.0.1', '1.0.2', '1.0.3']) await client.get('@bank/kyc:summary', { version });
  await client.close();
}
