import { prepareTemplate } from './adapters/embedded-template.js';

// A step of the build: see prepareTemplate.
await prepareTemplate();
