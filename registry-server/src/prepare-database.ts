import { prepareTemplate } from './adapters/embedded-database.js';

// A step of the build: see prepareTemplate.
await prepareTemplate();
