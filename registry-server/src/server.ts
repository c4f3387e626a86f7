#!/usr/bin/env node
import { pino } from 'pino';
import { PrompdError } from 'prompd/core';
import { readEnvironment } from './environment.js';
import { readModels, readUplinks, startRegistry } from './main.js';

// The registry as a program of its own, for containers: everything comes from the environment, the log goes to stdout.
try {
  const { options, uplinksFile, modelsFile, logLevel } = readEnvironment(process.env);
  const uplinks = uplinksFile === undefined ? undefined : await readUplinks(uplinksFile, process.env);
  const models = modelsFile === undefined ? undefined : await readModels(modelsFile, process.env);
  const logger = pino({ level: logLevel });
  const registry = await startRegistry({ ...options, uplinks, models, logger });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'stopping');
      registry.close().catch((err: unknown) => {
        logger.error({ err }, 'the registry did not stop cleanly');
        process.exitCode = 1;
      });
    });
  }
} catch (error) {
  if (!(error instanceof PrompdError)) throw error;
  console.error(`${error.code}: ${error.message}${error.hint ? `\n\nhint: ${error.hint}` : ''}`);
  process.exitCode = error.exitCode;
}
