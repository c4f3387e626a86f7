import { createRootRoute } from '@tanstack/react-router';
import { Frame } from './layout/frame.js';
import { NotFound } from './layout/not-found.js';
import { Failure } from './parts/failure.js';

/** What all pages stand in. */
export const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <Failure error={error} page retry={() => window.location.reload()} />,
});
