import { deviceRoutes } from './device.js';
import { deviceAddressRoutes } from './device-address.js';
import { externalRoutes } from './external.js';
import { ownRoutes } from './me.js';
import { signInRoutes } from './sign-in.js';
import { userRoutes } from './users.js';

/** Who people and machines are, and how they show it. */
export const identityRoutes = [
  ...signInRoutes,
  ...ownRoutes,
  ...userRoutes,
  ...deviceRoutes,
  ...deviceAddressRoutes,
  ...externalRoutes,
];
